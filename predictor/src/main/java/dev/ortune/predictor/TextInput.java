package dev.ortune.predictor;

import java.util.Objects;

/**
 * One text, or a pair of texts: two that belong together, or a question and the context that answers it.
 *
 * @param pair the second text, or null
 */
public record TextInput(String text, String pair) implements Input {
    public TextInput {
        Objects.requireNonNull(text, "a text must not be null");
    }

    /** A single text. */
    public static TextInput of(String text) {
        return new TextInput(text, null);
    }

    /** Characters of both. */
    public int characters() {
        return text.length() + (pair == null ? 0 : pair.length());
    }
}
