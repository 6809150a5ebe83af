package dev.ortune.trainer.corpus;

import dev.ortune.trainer.corpus.SequenceFile.Sequence;
import dev.ortune.trainer.text.Pieces;

/**
 * All paragraphs in one row, each with its special tokens, cut into full blocks as transformers' run_mlm cuts it; what is left at
 * the very end is left out.
 */
final class Blocks implements SequenceMaker {
    private final SequenceFile.Writer writer;
    private final Masking masking;
    private int[] block;
    private int filled;

    Blocks(SequenceFile.Writer writer, Masking masking, int length) {
        this.writer = writer;
        this.masking = masking;
        this.block = new int[length];
    }

    @Override
    public boolean wantsSpecial() {
        return true;
    }

    @Override
    public void paragraph(Pieces pieces) {
        int[] tokens = pieces.tokens();
        int taken = 0;
        while (taken < tokens.length) {
            int count = Math.min(block.length - filled, tokens.length - taken);
            System.arraycopy(tokens, taken, block, filled, count);
            filled += count;
            taken += count;
            if (filled == block.length) {
                if (masking.hasOrdinary(block)) {
                    writer.add(Sequence.of(block), false);
                }
                filled = 0;
            }
        }
    }

    @Override
    public void endOfDocument() {
        // Blocks reach from one document into the next.
    }

    @Override
    public SequenceFile finish() {
        return writer.finish();
    }
}
