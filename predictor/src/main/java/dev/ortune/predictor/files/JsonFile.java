package dev.ortune.predictor.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** JSON files of a model folder. */
public final class JsonFile {
    /** Far above any real file: a tokenizer.json with 250,000 tokens has 17 MB. */
    private static final long LARGEST = 256L << 20;

    /** Without Java's own table of strings: a vocabulary's names, read once, need no place in it, which takes longest. */
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonFile() {}

    /** The JSON object in {@code file}; an {@link OrtuneException} that names it when there is none. */
    public static ObjectNode readObject(Path file) {
        return object(file, content(file));
    }

    /** All bytes of a file; an {@link OrtuneException} that names it when it cannot be read. */
    public static byte[] content(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new OrtuneException(file + ": is too large for a JSON file (" + Files.size(file) + " bytes)");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": is missing", e);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * The JSON object in a file's bytes.
     *
     * @param file named where there is none
     */
    public static ObjectNode object(Path file, byte[] content) {
        try {
            JsonNode node = JSON.readTree(content);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new OrtuneException(file + ": is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new OrtuneException(file + ": is not valid JSON (" + JsonProblem.of(e) + ")", e);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Without a blank or a newline, in UTF-8. */
    public static byte[] line(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }

    /** Indented UTF-8 with a newline at the end, the way Hugging Face's files look. */
    public static byte[] bytes(ObjectNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
