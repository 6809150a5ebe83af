package dev.ortune.predictor.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.JsonFile;
import dev.ortune.predictor.files.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What tokenizer_config.json says; a folder may do without it.
 *
 * @param file tokenizer_config.json
 * @param json the whole of it; empty where there is no such file
 */
public record TokenizerConfig(Path file, ObjectNode json) {
    /**
     * Of a model's folder.
     *
     * @throws OrtuneException when it is no JSON object
     */
    public static TokenizerConfig read(Path folder) {
        Path file = folder.resolve("tokenizer_config.json");
        return new TokenizerConfig(
                file, Files.exists(file) ? JsonFile.readObject(file) : JsonNodeFactory.instance.objectNode());
    }

    /** The most tokens of a text, special ones included; {@code otherwise} where it does not say. */
    public double maxLength(double otherwise) {
        // Hugging Face writes a number beyond any int where there is no limit.
        return json.path("model_max_length").asDouble(otherwise);
    }

    /**
     * Whether a side is the left one.
     *
     * @param field such as {@code truncation_side}
     * @param otherwise what tokenizer.json has for it, in transformers' or in its own spelling
     */
    boolean isLeft(String field, JsonNode otherwise) {
        String side = has(field)
                ? json.path(field).asText()
                : otherwise.asText("right").toLowerCase(Locale.ROOT);
        return switch (side) {
            case "left" -> true;
            case "right" -> false;
            default ->
                throw new OrtuneException(
                        file + ": " + field + " is " + Printable.of(side) + ", neither left nor right");
        };
    }

    /** Which text of a pair that is too long loses tokens, as {@code ortune train --truncation} writes it down. */
    TruncationStrategy truncationStrategy() {
        String name = json.path("truncation_strategy").asText("longest_first");
        return switch (name) {
            case "longest_first" -> TruncationStrategy.LONGEST_FIRST;
            case "only_first" -> TruncationStrategy.ONLY_FIRST;
            case "only_second" -> TruncationStrategy.ONLY_SECOND;
            default ->
                throw new OrtuneException(file + ": truncation_strategy is " + Printable.of(name)
                        + ", none of longest_first, only_first and only_second");
        };
    }

    /** The name of the tokenizer's class in transformers, without the ending that it had before version 5; or empty. */
    String className() {
        return json.path("tokenizer_class").asText("").replaceFirst("Fast$", "");
    }

    /**
     * A setting that is true or false.
     *
     * @param otherwise what it is where it does not stand there
     */
    boolean flag(String field, boolean otherwise) {
        JsonNode value = json.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new OrtuneException(file + ": " + field + " must be true or false");
        }
        return value.booleanValue();
    }

    /** Whether a setting stands there. */
    boolean has(String field) {
        return json.hasNonNull(field);
    }
}
