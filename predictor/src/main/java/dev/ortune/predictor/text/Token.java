package dev.ortune.predictor.text;

/**
 * A token, and where in its text it is.
 *
 * @param word the token as the vocabulary has it, such as {@code ##ing}; of one for unknown words, what it stands for
 * @param start where it begins, in Unicode code points of the text, as Python counts
 * @param end one past its last
 * @param subword whether it goes on with the word of the token before it
 * @param special whether it was put beside the text, such as {@code [CLS]}
 */
public record Token(String word, int start, int end, boolean subword, boolean special) {
    /** One that was put beside the text. */
    static final Token SPECIAL = new Token("", 0, 0, false, true);
}
