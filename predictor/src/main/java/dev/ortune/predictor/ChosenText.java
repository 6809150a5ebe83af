package dev.ortune.predictor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Of a model that chooses.
 *
 * @param choices as they were given
 * @param scores the probability of each, which make 1, {@code [choices]}
 */
public record ChosenText(List<String> choices, double[] scores) implements Answer {
    public ChosenText {
        choices = List.copyOf(choices);
        if (choices.size() != scores.length) {
            throw new IllegalArgumentException(scores.length + " scores for " + choices.size() + " choices");
        }
    }

    /** The place of the likeliest, counted from 0; the first of equals. */
    public int best() {
        int best = 0;
        for (int choice = 1; choice < scores.length; choice++) {
            best = scores[choice] > scores[best] ? choice : best;
        }
        return best;
    }

    /** The place and the words of the likeliest, its score, and the scores of all. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("choice", best())
                .put("answer", choices.get(best()))
                .put("score", (float) scores[best()]);
        ArrayNode all = json.putArray("scores");
        for (double score : scores) {
            all.add((float) score);
        }
        return json;
    }
}
