package dev.ortune.predictor.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.Printable;
import java.nio.file.Path;

/**
 * What the native tokenizer does not look at before it relies on it: it ends the process at the first text when a template
 * of {@code tokenizer.json} has a special token that is not explained beside it.
 */
final class PostProcessor {
    private PostProcessor() {}

    /**
     * Refuses such a file.
     *
     * @param json the whole of it
     */
    static void require(Path file, JsonNode json) {
        requireTokens(file, json.path("post_processor"));
    }

    private static void requireTokens(Path file, JsonNode processor) {
        processor.path("processors").forEach(inner -> requireTokens(file, inner));
        JsonNode explained = processor.path("special_tokens");
        for (String template : new String[] {"single", "pair"}) {
            for (JsonNode token : processor.path(template).findValues("SpecialToken")) {
                String id = token.path("id").asText();
                if (!explained.has(id)) {
                    throw new OrtuneException(file + ": its post_processor has the token " + Printable.of(id)
                            + ", which its special_tokens lack");
                }
            }
        }
    }
}
