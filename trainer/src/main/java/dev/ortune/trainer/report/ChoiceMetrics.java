package dev.ortune.trainer.report;

import java.util.Map;

/**
 * How well the right one of several choices was found.
 *
 * @param count number of examples
 * @param loss mean cross entropy over each example's choices, in nats
 * @param correct examples whose right choice has the highest logit
 * @param chance what guessing would get right, on average: the mean of 1 over the number of choices
 */
public record ChoiceMetrics(long count, double loss, long correct, double chance) implements Metrics {
    /** Share of right predictions. */
    public double accuracy() {
        return count == 0 ? 0 : (double) correct / count;
    }

    @Override
    public Map<Metric, Double> values() {
        return Map.of(Metric.ACCURACY, accuracy());
    }
}
