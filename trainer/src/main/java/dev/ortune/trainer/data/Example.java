package dev.ortune.trainer.data;

/**
 * One labelled text.
 *
 * @param text the text, or the first text of a pair
 * @param pair the second text of a pair, or null
 * @param label index into the {@link Labels} that were read with it
 * @param source where the example comes from as the data set itself says (CoLA's first column, the built-in set's
 *     phenomenon), or the empty string
 * @param line the line of the file in which it begins, counted from 1; 0 where there is no file
 */
public record Example(String text, String pair, int label, String source, long line) {
    /** One that is of no file. */
    public Example(String text, String pair, int label, String source) {
        this(text, pair, label, source, 0);
    }

    Example withLabel(int other) {
        return new Example(text, pair, other, source, line);
    }
}
