package dev.ortune.server.model;

/**
 * A text's tokens.
 *
 * @param ids {@code [length]}
 * @param typeIds {@code [length]}
 */
public record EncodedText(long[] ids, long[] typeIds) {
    public int length() {
        return ids.length;
    }
}
