package dev.ortune.trainer.text;

/**
 * One tokenised text or pair of texts, special tokens included, not padded.
 *
 * @param ids token ids, {@code [length]}
 * @param typeIds segment of each token, 0 or 1, {@code [length]}
 * @param words position of the word that each token is a piece of, -1 for special tokens, {@code [length]}; null where the
 *     text did not come as words
 * @param spans begin and end in the second text, in code points, of one token after the other, {@link #NO_SPAN} for tokens that
 *     are not of it, {@code [2 * length]}; null where nobody asked for them
 * @param truncated tokens that were cut off to keep to the maximal length; 0 when everything fitted
 */
public record Encoding(int[] ids, int[] typeIds, int[] words, int[] spans, int truncated) {
    /** In the place of a word's position: no piece of any. */
    public static final int NO_WORD = -1;

    /** In the place of a begin or an end: no part of the second text. */
    public static final int NO_SPAN = -1;

    public Encoding {
        if (ids.length != typeIds.length || (words != null && ids.length != words.length)) {
            throw new IllegalArgumentException(ids.length + " ids but " + typeIds.length + " type ids"
                    + (words == null ? "" : " and " + words.length + " positions of words"));
        }
        if (spans != null && spans.length != 2 * ids.length) {
            throw new IllegalArgumentException(ids.length + " ids but " + spans.length + " begins and ends");
        }
    }

    /** Of a text that may have come as words. */
    public Encoding(int[] ids, int[] typeIds, int[] words, int truncated) {
        this(ids, typeIds, words, null, truncated);
    }

    /** Of a text that did not come as words. */
    public Encoding(int[] ids, int[] typeIds, int truncated) {
        this(ids, typeIds, null, truncated);
    }

    /** The same of a text that did not come as words. */
    Encoding withoutWords() {
        return new Encoding(ids, typeIds, truncated);
    }

    /** Whether a token is of the second text. */
    public boolean isOfSecond(int token) {
        return spans[2 * token] != NO_SPAN;
    }

    /** Number of tokens, special tokens included. */
    public int length() {
        return ids.length;
    }
}
