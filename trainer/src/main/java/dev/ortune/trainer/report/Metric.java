package dev.ortune.trainer.report;

import java.util.Locale;

/** What decides which of a run's checkpoints is the best. */
public enum Metric {
    MCC,
    ACCURACY,
    F1,
    LOSS;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    public double of(ClassificationMetrics metrics) {
        return switch (this) {
            case MCC -> metrics.mcc();
            case ACCURACY -> metrics.accuracy();
            case F1 -> metrics.f1();
            case LOSS -> metrics.loss();
        };
    }

    /** Whether {@code metrics} beat those of the best so far, null when there are none; equal ones do not. */
    public boolean improves(ClassificationMetrics metrics, ClassificationMetrics best) {
        if (best == null) {
            return true;
        }
        // A loss that is no number compares as the greatest.
        return this == LOSS ? Double.compare(of(metrics), of(best)) < 0 : of(metrics) > of(best);
    }
}
