package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.LabelSetPredictions;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.MultiLabelMetrics;
import dev.ortune.trainer.report.run.LabelSetHoldout;
import java.util.List;
import java.util.Map;

/**
 * All that is measured of a classifier with several labels a text.
 *
 * @param metrics loss, F1 and the rest, with each label's counts
 * @param intervals of each metric but the loss
 */
public record LabelSetScores(MultiLabelMetrics metrics, Map<Metric, Interval> intervals) implements IntervalScores {
    /** What two models are compared by, that which decides first. */
    public static final List<Metric> COMPARED = List.of(Metric.F1_MICRO, Metric.F1_MACRO, Metric.EXACT_MATCH);

    /** Measures. */
    static LabelSetScores of(LabelSetHoldout holdout) {
        LabelSetPredictions.Measured measured = holdout.predictions().measured();
        return new LabelSetScores(
                holdout.predictions().metrics(),
                Resampling.intervals(
                        holdout.size(), examples -> measured.metrics(examples).values()));
    }

    /** How far the second model is from the first on the same set, a difference a metric of {@link #COMPARED}. */
    public static List<PairedBootstrap.Difference> differences(LabelSetHoldout first, LabelSetHoldout second) {
        LabelSetPredictions.Measured one = first.predictions().measured();
        LabelSetPredictions.Measured other = second.predictions().measured();
        return Resampling.differences(
                first.size(),
                examples -> one.metrics(examples).values(),
                examples -> other.metrics(examples).values(),
                COMPARED);
    }
}
