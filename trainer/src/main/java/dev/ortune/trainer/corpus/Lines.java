package dev.ortune.trainer.corpus;

import dev.ortune.trainer.corpus.SequenceFile.Sequence;
import dev.ortune.trainer.text.Pieces;
import java.util.Arrays;
import java.util.OptionalInt;

/** Each paragraph a sequence of its own, cut off beyond a length; those of special tokens alone are left out. */
final class Lines implements SequenceMaker {
    private final SequenceFile.Writer writer;
    private final Labelling labelling;
    private final int length;

    Lines(SequenceFile.Writer writer, Labelling labelling, int length) {
        this.writer = writer;
        this.labelling = labelling;
        this.length = length;
    }

    @Override
    public boolean wantsSpecial() {
        return true;
    }

    @Override
    public void paragraph(Pieces pieces) {
        int[] tokens = ended(pieces.first(length));
        if (labelling.hasLabels(tokens)) {
            writer.add(Sequence.of(tokens), tokens.length < pieces.tokens().length);
        }
    }

    /** With the end of a document behind it, where there is such a token and room for it. */
    private int[] ended(int[] tokens) {
        OptionalInt end = labelling.documentEnd();
        if (end.isEmpty() || tokens.length == length) {
            return tokens;
        }
        int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
        ended[tokens.length] = end.getAsInt();
        return ended;
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
