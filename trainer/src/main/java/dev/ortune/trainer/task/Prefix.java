package dev.ortune.trainer.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.text.Encoding;
import dev.ortune.trainer.text.TextTokenizer;
import java.util.List;

/**
 * What tells a model that writes what to make of a text, as T5's authors had it: {@code cola sentence: } before a text, or {@code
 * rte sentence1: } and {@code sentence2: } before each of two. Where the second has one, both are one text with a blank between
 * them; else they are a pair of texts.
 *
 * @param first before the text; empty for none
 * @param second before the second text; empty for none
 */
public record Prefix(String first, String second) {
    /** Nothing. */
    public static final Prefix NONE = new Prefix("", "");

    private static final String KEY = "prefix";
    private static final String PAIR_KEY = "pair_prefix";

    public Prefix {
        if (!Printable.isPlain(first) || !Printable.isPlain(second)) {
            throw new OrtuneException("--prefix must not have control characters");
        }
    }

    /** Of an option that may be given once or twice. */
    public static Prefix of(List<String> given) {
        if (given.size() > 2) {
            throw new OrtuneException("--prefix is for a text and for the second one of a pair, but it is given "
                    + given.size() + " times");
        }
        return new Prefix(given.isEmpty() ? "" : given.get(0), given.size() < 2 ? "" : given.get(1));
    }

    /** Of a model's config.json. */
    static Prefix of(JsonNode config) {
        return new Prefix(config.path(KEY).asText(""), config.path(PAIR_KEY).asText(""));
    }

    void describe(ObjectNode config) {
        put(config, KEY, first);
        put(config, PAIR_KEY, second);
    }

    private static void put(ObjectNode config, String key, String value) {
        if (value.isEmpty()) {
            config.remove(key);
        } else {
            config.put(key, value);
        }
    }

    /** A text, or a pair of texts, as a model reads it: one or two. */
    List<String> before(String text, String pair) {
        if (pair == null) {
            return List.of(first + text);
        }
        return second.isEmpty() ? List.of(first + text, pair) : List.of(first + text + " " + second + pair);
    }

    /** The tokens of a text, or of a pair. */
    Encoding encode(String text, String pair, TextTokenizer tokenizer) {
        List<String> texts = before(text, pair);
        return tokenizer.encode(texts.get(0), texts.size() == 2 ? texts.get(1) : null);
    }
}
