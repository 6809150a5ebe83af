package dev.ortune.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** JSON files of a model folder. */
public final class JsonFile {
    /** Far above any real file: a tokenizer.json with 250,000 tokens has 17 MB. */
    private static final long LARGEST = 256L << 20;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern OWN_WORDS = Pattern.compile(
            "\\s*\\((start marker|start of array|bound) (at|as) .*|\\s*\\(for Object starting at .*|: not allowed as per .*");

    private JsonFile() {}

    /** The JSON object in {@code file}; an {@link OrtuneException} that names it when there is none. */
    public static ObjectNode readObject(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new OrtuneException(file + ": is too large for a JSON file (" + Files.size(file) + " bytes)");
            }
            JsonNode node = JSON.readTree(Files.readAllBytes(file));
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new OrtuneException(file + ": is not a JSON object");
        } catch (JsonProcessingException e) {
            throw new OrtuneException(
                    file + ": is not valid JSON (line " + line(e) + ": " + Printable.of(why(e)) + ")", e);
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": is missing", e);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Indented UTF-8 with a newline at the end, the way Hugging Face's files look. */
    public static byte[] bytes(ObjectNode json) {
        return (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** What Jackson says, without its references to its own options and to where in memory it read from. */
    public static String why(JsonProcessingException e) {
        String line = e.getOriginalMessage().lines().findFirst().orElse("");
        return OWN_WORDS.matcher(line).replaceAll("").strip();
    }

    private static int line(JsonProcessingException e) {
        return e.getLocation() == null ? 1 : e.getLocation().getLineNr();
    }
}
