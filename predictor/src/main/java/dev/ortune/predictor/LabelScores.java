package dev.ortune.predictor;

import java.util.List;

/**
 * Of a text classifier.
 *
 * @param labels their names
 * @param scores probabilities, or of a regression the numbers themselves, {@code [labels]}
 * @param logits what the graph gives, {@code [labels]}
 * @param best the label with the highest logit; the first of equals
 * @param probabilities whether the scores are; otherwise they are numbers of any size
 * @param given the labels whose thresholds are reached, where they do not exclude each other; null where they do
 */
public record LabelScores(
        List<String> labels, double[] scores, float[] logits, int best, boolean probabilities, List<Integer> given)
        implements Answer {
    /** The name of the likeliest label. */
    public String label() {
        return labels.get(best);
    }

    /** The likeliest label's score. */
    public double score() {
        return scores[best];
    }

    /** Whether a text can have several of the labels. */
    public boolean multiLabel() {
        return given != null;
    }
}
