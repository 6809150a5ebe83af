package dev.ortune.exporter.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
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
    private static final Prefix NONE = new Prefix("", "");

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
    LabelledText before(LabelledText text) {
        return text.pair() == null || second.isEmpty()
                ? new LabelledText(first + text.text(), text.pair(), text.label())
                : new LabelledText(first + text.text() + " " + second + text.pair(), null, text.label());
    }
}
