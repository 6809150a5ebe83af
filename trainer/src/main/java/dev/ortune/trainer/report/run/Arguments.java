package dev.ortune.trainer.report.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A run's {@code training_args.json}.
 *
 * @param json the file's object; any field may be missing
 */
public record Arguments(ObjectNode json) {
    /** What is no hyper-parameter. */
    private static final Set<String> OTHERS = Set.of(
            "pretrained",
            "config",
            "config_sha256",
            "tokenizer",
            "pretrained_weights",
            "pretrained_sha256",
            "pretrained_source",
            "data",
            "versions",
            "hardware",
            "command");

    /** A field as text, by a JSON pointer; the empty string where it is not there. */
    public String text(String pointer) {
        return plain(json.at(pointer));
    }

    public boolean has(String pointer) {
        return !text(pointer).isEmpty();
    }

    public int integer(String pointer, int otherwise) {
        return json.at(pointer).asInt(otherwise);
    }

    /** Every hyper-parameter under its name in the file, those of the data included. */
    public Map<String, String> hyperParameters() {
        Map<String, String> result = new LinkedHashMap<>();
        json.properties().stream()
                .filter(field -> !OTHERS.contains(field.getKey()))
                .forEach(field -> result.put(field.getKey(), plain(field.getValue())));
        json.path("data").properties().stream()
                .filter(field ->
                        !field.getValue().isObject() && !field.getValue().isNull())
                .forEach(field -> result.put(field.getKey(), plain(field.getValue())));
        return result;
    }

    /** The data sets by role. */
    public Map<String, DataFile> data() {
        Map<String, DataFile> result = new LinkedHashMap<>();
        json.path("data").properties().stream()
                .filter(field -> field.getValue().isObject())
                .forEach(field -> result.put(field.getKey(), DataFile.of(field.getValue())));
        return result;
    }

    /** The versions of what ran, by name. */
    public Map<String, String> versions() {
        Map<String, String> result = new LinkedHashMap<>();
        json.path("versions").properties().forEach(field -> result.put(field.getKey(), plain(field.getValue())));
        return result;
    }

    private static String plain(JsonNode value) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(Arguments::plain)
                    .collect(Collectors.joining(","));
        }
        if (value.isFloatingPointNumber()) {
            return value.asText().replace(".0E", "e").replace('E', 'e');
        }
        return value.isMissingNode() || value.isNull() ? "" : value.asText();
    }

    /**
     * One of the sets.
     *
     * @param file as it was given, which may be {@code builtin:test}
     * @param examples rows that were taken
     * @param sha256 of the file, or the empty string
     */
    public record DataFile(String file, long examples, String sha256) {
        static DataFile of(JsonNode json) {
            return new DataFile(plain(json.path("file")), json.path("examples").asLong(), plain(json.path("sha256")));
        }

        /** The file's name alone. */
        public String name() {
            return file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        }
    }
}
