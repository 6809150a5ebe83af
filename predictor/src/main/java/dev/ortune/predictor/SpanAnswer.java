package dev.ortune.predictor;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A part of a context as an answer, or none.
 *
 * @param score its probability; of several places with the same words the sum
 * @param start where it begins in the context, in Unicode code points, as Python counts; 0 for none
 * @param end one past its last; 0 for none
 * @param answer its words; empty for none
 */
public record SpanAnswer(double score, int start, int end, String answer) {
    /** The object that Hugging Face's pipeline gives. */
    public ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("score", (float) score)
                .put("start", start)
                .put("end", end)
                .put("answer", answer);
    }
}
