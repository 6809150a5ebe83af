package dev.ortune.trainer.report.run;

/**
 * One example that the model was not trained on.
 *
 * @param sentence the text, or the first text of a pair
 * @param pair the second text, or null
 * @param source where it is from as its data set says, or the empty string
 * @param tokens its tokens, special ones and those that were cut off included; -1 where nobody wrote them down
 */
public record HeldOut(String sentence, String pair, String source, int tokens) {
    public static final int UNKNOWN = -1;
}
