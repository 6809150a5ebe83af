package dev.ortune.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ortune.server.JsonProblem;
import dev.ortune.server.OrtuneException;
import dev.ortune.server.text.TextInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a line of the texts that {@code ortune predict} reads holds. */
enum LineForm {
    /** A text. */
    TEXT {
        @Override
        TextInput read(String line) {
            return TextInput.of(line);
        }
    },
    /** Two, with a tab between them. */
    PAIR {
        @Override
        TextInput read(String line) {
            String[] parts = line.split("\t", -1);
            if (parts.length != 2) {
                throw new OrtuneException("--pairs wants two texts with one tab between them, not " + parts.length);
            }
            return new TextInput(parts[0], parts[1]);
        }
    },
    /** A JSON object. */
    JSON {
        @Override
        TextInput read(String line) {
            JsonNode json;
            try {
                json = MAPPER.readTree(line);
            } catch (JsonProcessingException e) {
                throw new OrtuneException("is no valid JSON (" + JsonProblem.of(e) + ")", e);
            }
            if (json.path("question").isTextual() && json.path("context").isTextual()) {
                return new TextInput(
                        json.path("question").textValue(), json.path("context").textValue());
            }
            JsonNode pair = json.path("text_pair");
            boolean single = pair.isMissingNode() || pair.isNull();
            if (!json.path("text").isTextual() || !(single || pair.isTextual())) {
                throw new OrtuneException(
                        "must be a JSON object with a string \"text\", for a pair also \"text_pair\"");
            }
            return new TextInput(json.path("text").textValue(), single ? null : pair.textValue());
        }
    };

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    /** The form that options ask for; JSON lines are also known by their file's name. */
    static LineForm of(boolean pairs, boolean jsonLines, Path file) {
        if (pairs) {
            return PAIR;
        }
        String name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
        return jsonLines || name.endsWith(".jsonl") || name.endsWith(".ndjson") ? JSON : TEXT;
    }

    /** What a line holds. */
    abstract TextInput read(String line);

    /**
     * What lines hold.
     *
     * @param name of what they are from, for messages
     * @param before lines of it that come before them
     * @throws OrtuneException when one has not this form
     */
    List<TextInput> read(String name, long before, List<String> lines) {
        List<TextInput> texts = new ArrayList<>(lines.size());
        for (String line : lines) {
            try {
                texts.add(read(line));
            } catch (OrtuneException e) {
                throw new OrtuneException(name + ": line " + (before + texts.size() + 1) + " " + e.getMessage(), e);
            }
        }
        return texts;
    }
}
