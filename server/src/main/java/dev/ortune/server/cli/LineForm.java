package dev.ortune.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ortune.predictor.Choices;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.files.JsonProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

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
            JsonNode json = json(line);
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

        @Override
        Choices choices(String line) {
            JsonNode json = json(line);
            JsonNode context = json.path("context");
            JsonNode question = json.path("question");
            List<String> choices = new ArrayList<>();
            json.path("choices").forEach(choice -> choices.add(choice.isTextual() ? choice.textValue() : null));
            if (choices.size() < 2 || choices.contains(null) || !(context.isTextual() || question.isTextual())) {
                throw new OrtuneException("must be a JSON object with a string \"context\", \"question\" or both, and"
                        + " \"choices\", a list of two strings at least");
            }
            return context.isTextual()
                    ? new Choices(context.textValue(), question.textValue(), choices)
                    : new Choices(question.textValue(), null, choices);
        }
    };

    /** How they are given. */
    static final String CHOICES =
            "--jsonl takes {\"context\": …, \"choices\": [\"…\", \"…\"]}, also with a \"question\" or with that alone";

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private static JsonNode json(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new OrtuneException("is no valid JSON (" + JsonProblem.of(e) + ")", e);
        }
    }

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
     * A text with choices.
     *
     * @throws OrtuneException where the line is no JSON object with these
     */
    Choices choices(String line) {
        throw new OrtuneException("holds no choices: " + CHOICES);
    }

    /**
     * What lines hold.
     *
     * @param name of what they are from, for messages
     * @param before lines of it that come before them
     * @throws OrtuneException when one has not this form
     */
    List<TextInput> read(String name, long before, List<String> lines) {
        return each(name, before, lines, this::read);
    }

    /** Likewise texts with choices. */
    List<Choices> choices(String name, long before, List<String> lines) {
        return each(name, before, lines, this::choices);
    }

    private static <T> List<T> each(String name, long before, List<String> lines, Function<String, T> reading) {
        List<T> texts = new ArrayList<>(lines.size());
        for (String line : lines) {
            try {
                texts.add(reading.apply(line));
            } catch (OrtuneException e) {
                throw new OrtuneException(name + ": line " + (before + texts.size() + 1) + " " + e.getMessage(), e);
            }
        }
        return texts;
    }
}
