package dev.ortune.trainer.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a config.json says, each key checked when it is read. An absent key takes the default of transformers' own
 * configuration class; one of the wrong kind is an {@link OrtuneException} that names it.
 *
 * @param json the whole file
 */
record ConfigValues(JsonNode json) {
    /** A whole number above 0. */
    int positive(String key, int otherwise) {
        int value = integer(key, otherwise);
        if (value <= 0) {
            throw new OrtuneException("config.json: " + key + " must be positive, not " + value);
        }
        return value;
    }

    /** A whole number. */
    int integer(String key, int otherwise) {
        JsonNode value = json.path(key);
        if (isAbsent(value)) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new OrtuneException(
                    "config.json: " + key + " must be a whole number, not " + Printable.of(value.toString()));
        }
        return value.intValue();
    }

    double number(String key, double otherwise) {
        JsonNode value = json.path(key);
        if (isAbsent(value)) {
            return otherwise;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new OrtuneException(
                    "config.json: " + key + " must be a number, not " + Printable.of(value.toString()));
        }
        return value.doubleValue();
    }

    /** The ratio of a dropout. */
    double probability(String key, double otherwise) {
        double value = number(key, otherwise);
        if (!(value >= 0 && value < 1)) {
            throw new OrtuneException("config.json: " + key + " must be in [0, 1), not " + value);
        }
        return value;
    }

    boolean flag(String key, boolean otherwise) {
        JsonNode value = json.path(key);
        if (isAbsent(value)) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw new OrtuneException(
                    "config.json: " + key + " must be true or false, not " + Printable.of(value.toString()));
        }
        return value.booleanValue();
    }

    /** A list of words, or one text in which they stand with bars between them; none where there is nothing. */
    List<String> words(String key) {
        JsonNode value = json.path(key);
        List<String> words = new ArrayList<>();
        if (value.isTextual()) {
            for (String word : value.textValue().split("\\|", -1)) {
                words.add(word.strip().toLowerCase(Locale.ROOT));
            }
        } else {
            value.forEach(word -> words.add(word.asText()));
        }
        return words;
    }

    Activation activation(String key, String otherwise) {
        return Activation.of(key, Printable.of(json.path(key).asText(otherwise)));
    }

    /** Fails when a key has a value that means another computation than ours. */
    void require(String key, String only) {
        String value = json.path(key).asText(only);
        if (!value.equals(only)) {
            throw new OrtuneException(
                    "config.json: " + key + " \"" + Printable.of(value) + "\" is not supported; " + only + " is");
        }
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
