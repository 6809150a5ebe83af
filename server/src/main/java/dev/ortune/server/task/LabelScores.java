package dev.ortune.server.task;

import java.util.List;

/**
 * Of a text classifier.
 *
 * @param labels their names
 * @param scores probabilities, or what else the task's {@link ScoreFunction} makes, {@code [labels]}
 * @param best the label with the highest logit; the first of equals
 * @param probabilities whether the scores are; otherwise they are numbers of any size
 * @param given the labels whose thresholds are reached, where they do not exclude each other; null where they do
 */
public record LabelScores(List<String> labels, double[] scores, int best, boolean probabilities, List<Integer> given)
        implements Answer {
    /** Whether a text can have several of the labels. */
    public boolean multiLabel() {
        return given != null;
    }
}
