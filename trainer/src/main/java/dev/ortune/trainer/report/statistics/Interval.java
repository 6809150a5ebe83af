package dev.ortune.trainer.report.statistics;

import org.apache.commons.statistics.descriptive.Quantile;

/** The middle 95 % of a statistic's values over bootstrap samples. */
public record Interval(double low, double high) {
    private static final double TAIL = 0.025;

    /** Percentiles with linear interpolation, numpy's default (Hyndman and Fan's seventh definition). */
    static Interval of(double[] values) {
        double[] ends =
                Quantile.withDefaults().with(Quantile.EstimationMethod.HF7).evaluate(values, TAIL, 1 - TAIL);
        return new Interval(ends[0], ends[1]);
    }
}
