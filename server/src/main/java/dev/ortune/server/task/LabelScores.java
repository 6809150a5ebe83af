package dev.ortune.server.task;

import java.util.List;

/**
 * Of a text classifier.
 *
 * @param labels their names
 * @param scores probabilities, or what else the task's {@link ScoreFunction} makes, {@code [labels]}
 * @param best the label with the highest logit; the first of equals
 * @param probabilities whether the scores are; otherwise they are numbers of any size
 */
public record LabelScores(List<String> labels, double[] scores, int best, boolean probabilities) implements Answer {}
