package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.RegressionMetrics;
import dev.ortune.trainer.report.run.NumberHoldout;
import java.util.List;
import java.util.Map;

/**
 * All that is measured of a regression model.
 *
 * @param metrics loss, correlations and error
 * @param intervals of each metric but the loss
 */
public record NumberScores(RegressionMetrics metrics, Map<Metric, Interval> intervals) implements IntervalScores {
    /** What two models are compared by, that which decides first. */
    public static final List<Metric> COMPARED = List.of(Metric.PEARSON, Metric.RMSE);

    /** Measures. */
    static NumberScores of(NumberHoldout holdout) {
        return new NumberScores(
                holdout.predictions().metrics(), Resampling.intervals(holdout.size(), measure(holdout)));
    }

    private static Resampling.Measure measure(NumberHoldout holdout) {
        return examples -> holdout.predictions().metrics(examples).values();
    }

    /** How far the second model is from the first on the same set, a difference a metric of {@link #COMPARED}. */
    public static List<PairedBootstrap.Difference> differences(NumberHoldout first, NumberHoldout second) {
        return Resampling.differences(first.size(), measure(first), measure(second), COMPARED);
    }
}
