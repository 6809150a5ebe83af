package dev.ortune.predictor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A stretch of a text with a label.
 *
 * @param label of a token as the model has it, such as {@code B-PER}; of a group without what stands before the hyphen
 * @param score the label's probability, from 0 to 1; of several tokens their mean
 * @param word the tokens as text
 * @param start where it begins in the text, in Unicode code points, as Python counts
 * @param end one past its last
 * @param index the token's place among all, special ones included; negative of a group
 */
public record Entity(String label, double score, String word, int start, int end, int index) {
    /** The object that Hugging Face's pipeline gives. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        boolean group = index < 0;
        json.put(group ? "entity_group" : "entity", label).put("score", (float) score);
        if (!group) {
            json.put("index", index);
        }
        return json.put("word", word).put("start", start).put("end", end);
    }

    /** The stretch itself. */
    public String in(String text) {
        int from = text.offsetByCodePoints(0, start);
        return text.substring(from, text.offsetByCodePoints(from, end - start));
    }
}
