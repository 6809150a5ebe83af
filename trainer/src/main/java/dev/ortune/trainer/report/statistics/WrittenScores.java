package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.WritingMetrics;
import dev.ortune.trainer.report.run.WrittenHoldout;
import java.util.List;
import java.util.Map;

/**
 * All that is measured of a model that writes.
 *
 * @param metrics loss, and how many tokens and texts were right
 * @param intervals of each metric but the loss
 */
public record WrittenScores(WritingMetrics metrics, Map<Metric, Interval> intervals) implements IntervalScores {
    /** What two models are compared by, that which decides first. */
    public static final List<Metric> COMPARED = List.of(Metric.TOKEN_ACCURACY, Metric.EXACT_MATCH);

    /** Measures. */
    static WrittenScores of(WrittenHoldout holdout) {
        return new WrittenScores(
                holdout.predictions().metrics(), Resampling.intervals(holdout.size(), measure(holdout)));
    }

    private static Resampling.Measure measure(WrittenHoldout holdout) {
        return examples -> holdout.predictions().metrics(examples).values();
    }

    /** How far the second model is from the first on the same set, a difference a metric of {@link #COMPARED}. */
    public static List<PairedBootstrap.Difference> differences(WrittenHoldout first, WrittenHoldout second) {
        return Resampling.differences(first.size(), measure(first), measure(second), COMPARED);
    }
}
