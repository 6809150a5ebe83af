package dev.ortune.server.text;

/**
 * One text, or a pair of texts.
 *
 * @param pair the second text, or null
 */
public record TextInput(String text, String pair) {
    public static TextInput of(String text) {
        return new TextInput(text, null);
    }

    /** Characters of both. */
    public int characters() {
        return text.length() + (pair == null ? 0 : pair.length());
    }
}
