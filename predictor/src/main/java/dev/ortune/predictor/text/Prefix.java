package dev.ortune.predictor.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a model that writes was told before each text ({@code cola sentence: }), by {@code prefix} and {@code pair_prefix} of its
 * config.json. Where the second text of a pair has one, both are one text with a blank between them.
 *
 * @param first before the text; empty for none
 * @param second before the second text of a pair; empty for none
 */
record Prefix(String first, String second) {
    static final Prefix NONE = new Prefix("", "");

    /** That of a folder; none where there is no config.json, or its model does not write. */
    static Prefix read(Path folder) {
        Path file = folder.resolve("config.json");
        return Files.isRegularFile(file) ? of(JsonFile.readObject(file)) : NONE;
    }

    private static Prefix of(JsonNode config) {
        return config.path("architectures").path(0).asText().endsWith("ForConditionalGeneration")
                ? new Prefix(
                        config.path("prefix").asText(""),
                        config.path("pair_prefix").asText(""))
                : NONE;
    }

    /** A text as the model reads it. */
    TextInput before(TextInput input) {
        return input.pair() == null || second.isEmpty()
                ? new TextInput(first + input.text(), input.pair())
                : TextInput.of(first + input.text() + " " + second + input.pair());
    }
}
