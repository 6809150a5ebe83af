package dev.ortune.server.model;

/**
 * A text's tokens.
 *
 * @param ids {@code [length]}
 * @param typeIds {@code [length]}
 */
public record EncodedText(long[] ids, long[] typeIds) {
    /** One to warm up with. */
    static EncodedText zeros(int length) {
        return new EncodedText(new long[length], new long[length]);
    }

    public int length() {
        return ids.length;
    }
}
