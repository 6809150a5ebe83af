package dev.ortune.predictor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What may stand behind a mask.
 *
 * @param score its probability
 * @param token its id
 * @param tokenStr its text
 * @param sequence the whole text with it in the mask's place
 */
public record Filling(double score, int token, String tokenStr, String sequence) {
    /** As transformers' pipeline gives it. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("score", score)
                .put("token", token)
                .put("token_str", tokenStr)
                .put("sequence", sequence);
    }
}
