package dev.ortune.trainer.text;

/**
 * A text's tokens in one array, each with whether it goes on with the word of the one before it.
 *
 * @param tokens ids, with {@link #CONTINUES} where there is no gap in the text before a token: {@code [length]}
 * @param end special tokens at the end
 */
public record Pieces(int[] tokens, int end) {
    /** The bit beside the id of a token that goes on with a word. */
    public static final int CONTINUES = 1 << 30;

    /** The id of a token. */
    public static int id(int token) {
        return token & ~CONTINUES;
    }

    /** Whether a token goes on with a word. */
    public static boolean continues(int token) {
        return (token & CONTINUES) != 0;
    }

    /** The first so many tokens, the special ones at the end kept. */
    public int[] first(int most) {
        if (tokens.length <= most) {
            return tokens;
        }
        int[] cut = new int[most];
        System.arraycopy(tokens, 0, cut, 0, most - end);
        System.arraycopy(tokens, tokens.length - end, cut, most - end, end);
        return cut;
    }
}
