package dev.ortune.trainer.data;

/**
 * One labelled text.
 *
 * @param text the text, or the first text of a pair
 * @param pair the second text of a pair, or null
 * @param label index into the {@link Labels} that were read with it
 * @param source where the example comes from as the data set itself says (CoLA's first column, the built-in set's
 *     phenomenon), or the empty string
 */
public record Example(String text, String pair, int label, String source) {}
