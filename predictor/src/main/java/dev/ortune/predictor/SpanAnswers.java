package dev.ortune.predictor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/**
 * Of a model that answers questions.
 *
 * @param answers the likeliest first; none where the context holds nothing
 */
public record SpanAnswers(List<SpanAnswer> answers) implements Answer {
    private static final SpanAnswer NOTHING = new SpanAnswer(0, 0, 0, "");

    public SpanAnswers {
        answers = List.copyOf(answers);
    }

    /** The likeliest. */
    public SpanAnswer best() {
        return answers.isEmpty() ? NOTHING : answers.get(0);
    }

    /** What Hugging Face's pipeline gives: an object, or of several answers a list. */
    public JsonNode json() {
        if (answers.size() <= 1) {
            return best().json();
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        answers.forEach(answer -> list.add(answer.json()));
        return list;
    }
}
