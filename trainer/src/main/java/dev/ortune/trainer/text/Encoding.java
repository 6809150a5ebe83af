package dev.ortune.trainer.text;

/**
 * One tokenised text or pair of texts, special tokens included, not padded.
 *
 * @param ids token ids, {@code [length]}
 * @param typeIds segment of each token, 0 or 1, {@code [length]}
 * @param truncated tokens that were cut off to keep to the maximal length; 0 when everything fitted
 */
public record Encoding(int[] ids, int[] typeIds, int truncated) {
    public Encoding {
        if (ids.length != typeIds.length) {
            throw new IllegalArgumentException(ids.length + " ids but " + typeIds.length + " type ids");
        }
    }

    /** Number of tokens, special tokens included. */
    public int length() {
        return ids.length;
    }
}
