package dev.ortune.trainer.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well numbers of texts were guessed.
 *
 * @param count number of examples
 * @param loss mean squared error
 * @param pearson Pearson's correlation of guesses and numbers; 0 where one of the two does not vary
 * @param spearman Spearman's, ties averaged; likewise
 */
public record RegressionMetrics(long count, double loss, double pearson, double spearman) implements Metrics {
    /** Root of the mean squared error, in the numbers' own unit. */
    public double rmse() {
        return Math.sqrt(loss);
    }

    @Override
    public Map<Metric, Double> values() {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(Metric.PEARSON, pearson);
        values.put(Metric.SPEARMAN, spearman);
        values.put(Metric.RMSE, rmse());
        return values;
    }
}
