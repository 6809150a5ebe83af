package dev.ortune.trainer.corpus;

import dev.ortune.trainer.corpus.SequenceFile.Sequence;
import dev.ortune.trainer.text.Pieces;

/** Each paragraph a sequence of its own, cut off beyond a length; those of special tokens alone are left out. */
final class Lines implements SequenceMaker {
    private final SequenceFile.Writer writer;
    private final Masking masking;
    private final int length;

    Lines(SequenceFile.Writer writer, Masking masking, int length) {
        this.writer = writer;
        this.masking = masking;
        this.length = length;
    }

    @Override
    public boolean wantsSpecial() {
        return true;
    }

    @Override
    public void paragraph(Pieces pieces) {
        int[] tokens = pieces.first(length);
        if (masking.hasOrdinary(tokens)) {
            writer.add(Sequence.of(tokens), tokens.length < pieces.tokens().length);
        }
    }

    @Override
    public void endOfDocument() {
        // A line knows nothing of those around it.
    }

    @Override
    public SequenceFile finish() {
        return writer.finish();
    }
}
