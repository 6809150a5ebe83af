package dev.ortune.trainer.data;

/**
 * One labelled text.
 *
 * @param text the text, or the first text of a pair
 * @param pair the second text of a pair, or null
 * @param target what a model is to say of it
 * @param source where the example comes from as the data set itself says (CoLA's first column, the built-in set's
 *     phenomenon), or the empty string
 * @param line the line of the file in which it begins, counted from 1; 0 where there is no file
 */
public record Example(String text, String pair, Target target, String source, long line) {
    /** One with a label for the whole text. */
    public Example(String text, String pair, int label, String source, long line) {
        this(text, pair, new Target.ClassLabel(label), source, line);
    }

    /** One with a label for the whole text that is of no file. */
    public Example(String text, String pair, int label, String source) {
        this(text, pair, label, source, 0);
    }

    /**
     * The id of the label of the whole text.
     *
     * @throws IllegalStateException where it has no such label
     */
    public int label() {
        if (target instanceof Target.ClassLabel label) {
            return label.id();
        }
        throw new IllegalStateException("an example with " + target.getClass().getSimpleName());
    }

    Example withLabel(int other) {
        return new Example(text, pair, other, source, line);
    }

    Example with(Target other) {
        return new Example(text, pair, other, source, line);
    }
}
