package dev.ortune.trainer.corpus;

import dev.ortune.trainer.corpus.SequenceFile.Sequence;
import dev.ortune.trainer.text.Pieces;

/**
 * All paragraphs in one row, each with its special tokens, cut into full blocks as transformers' run_mlm cuts it; what is left at
 * the very end is left out. Where documents have ends, each is followed by that token.
 */
final class Blocks implements SequenceMaker {
    private final SequenceFile.Writer writer;
    private final Labelling labelling;
    private int[] block;
    private int filled;
    /** Whether a document has begun. */
    private boolean begun;

    Blocks(SequenceFile.Writer writer, Labelling labelling, int length) {
        this.writer = writer;
        this.labelling = labelling;
        this.block = new int[length];
    }

    @Override
    public boolean wantsSpecial() {
        return true;
    }

    @Override
    public void paragraph(Pieces pieces) {
        begun = true;
        add(pieces.tokens());
    }

    private void add(int[] tokens) {
        int taken = 0;
        while (taken < tokens.length) {
            int count = Math.min(block.length - filled, tokens.length - taken);
            System.arraycopy(tokens, taken, block, filled, count);
            filled += count;
            taken += count;
            if (filled == block.length) {
                if (labelling.hasLabels(block)) {
                    writer.add(Sequence.of(block), false);
                }
                filled = 0;
            }
        }
    }

    @Override
    public void endOfDocument() {
        // Blocks reach from one document into the next.
        if (begun) {
            labelling.documentEnd().ifPresent(end -> add(new int[] {end}));
            begun = false;
        }
    }

    @Override
    public SequenceFile finish() {
        return writer.finish();
    }
}
