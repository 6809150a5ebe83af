package dev.ortune.trainer.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** JSON lines with a list of words and one of as many labels, each of which is a name or a number from 0. */
final class JsonSentences implements TaggedSentences {
    private static final List<String> WORDS = List.of("tokens", "words");
    private static final List<String> LABELS = List.of("ner_tags", "ner", "labels", "tags");

    private final JsonRows rows;
    private final ReadOptions options;

    JsonSentences(Utf8Lines lines, ReadOptions options) {
        this.rows = new JsonRows(lines);
        this.options = options;
        options.requireNoDelimiter(lines.file());
        if (options.pairColumn() != null) {
            throw new OrtuneException(lines.file() + ": words with a label each have no second text; --pair-column "
                    + options.pairColumn() + " is too much");
        }
    }

    /** Whether an object has a list of words, and one of labels. */
    static boolean hasLists(JsonNode object, ReadOptions options) {
        return object.path(key(object, options.textColumn(), WORDS)).isArray()
                && object.path(key(object, options.labelColumn(), LABELS)).isArray();
    }

    @Override
    public TaggedSentence next() throws IOException {
        for (JsonNode object = rows.nextObject(); object != null; object = rows.nextObject()) {
            List<String> words = list(object, options.textColumn(), "--text-column", WORDS);
            List<String> labels = list(object, options.labelColumn(), "--label-column", LABELS);
            if (words.size() != labels.size()) {
                throw rows.error(labels.size() + " labels for " + words.size() + " words");
            }
            if (words.contains(null)) {
                throw rows.error("word " + words.indexOf(null) + " is null");
            }
            if (!words.isEmpty()) {
                return new TaggedSentence(rows.line(), words, labels, Collections.nCopies(words.size(), rows.line()));
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /** The key that was given, or the first usual one that holds a list. */
    private static String key(JsonNode object, String given, List<String> usual) {
        return given != null
                ? given
                : usual.stream()
                        .filter(key -> object.path(key).isArray())
                        .findFirst()
                        .orElse("");
    }

    private List<String> list(JsonNode object, String given, String option, List<String> usual) {
        String key = key(object, given, usual);
        if (!object.path(key).isArray()) {
            List<String> keys = new ArrayList<>();
            object.fieldNames().forEachRemaining(keys::add);
            throw rows.error((given == null ? "no list of " + String.join(" or ", usual) : "no list \"" + given + "\"")
                    + "; the keys are " + Printable.of(String.join(", ", keys)) + "; name it with " + option);
        }
        List<String> values = new ArrayList<>();
        for (JsonNode value : object.path(key)) {
            if (value.isContainerNode()) {
                throw rows.error("\"" + Printable.of(key) + "\" holds more than a list of plain values");
            }
            values.add(value.isNull() ? null : value.asText());
        }
        return values;
    }
}
