package dev.ortune.trainer.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

/**
 * A token that is found in a text as a whole, before anything else is done to it; transformers' class of that name.
 *
 * @param lstrip whether it takes the blanks before it
 * @param rstrip whether it takes those behind it
 * @param normalized whether it is looked for in the normalised text
 * @param special whether it is none of a text's words
 */
record AddedToken(
        String content, boolean singleWord, boolean lstrip, boolean rstrip, boolean normalized, boolean special) {

    /** One that takes no blanks and is looked for in the text as it is. */
    static AddedToken plain(String content, boolean special) {
        return new AddedToken(content, false, false, false, false, special);
    }

    /** As files have it, a text or an object with its content; those that are texts are special. */
    static AddedToken of(JsonNode token) {
        if (!token.isObject()) {
            return plain(token.asText(), true);
        }
        boolean special = token.path("special").asBoolean(false);
        return new AddedToken(
                token.path("content").asText(),
                token.path("single_word").asBoolean(false),
                token.path("lstrip").asBoolean(false),
                token.path("rstrip").asBoolean(false),
                token.path("normalized").asBoolean(false),
                special);
    }

    AddedToken withLeftBlanks(boolean taken) {
        return new AddedToken(content, singleWord, taken, rstrip, normalized, special);
    }

    AddedToken asSpecial() {
        return new AddedToken(content, singleWord, lstrip, rstrip, normalized, true);
    }

    /** Writes it into {@code added_tokens} of a tokenizer.json. */
    void addTo(ArrayNode added, int id) {
        added.addObject()
                .put("id", id)
                .put("content", content)
                .put("single_word", singleWord)
                .put("lstrip", lstrip)
                .put("rstrip", rstrip)
                .put("normalized", normalized)
                .put("special", special);
    }
}
