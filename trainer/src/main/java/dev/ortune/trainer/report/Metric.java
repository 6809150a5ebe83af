package dev.ortune.trainer.report;

import java.util.Locale;

/** What decides which of a run's checkpoints is the best; a task has some of them. */
public enum Metric {
    MCC("MCC"),
    ACCURACY("accuracy"),
    F1("F1"),
    PRECISION("precision"),
    RECALL("recall"),
    F1_MICRO("micro F1"),
    F1_MACRO("macro F1"),
    TOKEN_ACCURACY("token accuracy"),
    EXACT_MATCH("exact match"),
    RANKING_AP("ranking AP"),
    PEARSON("Pearson"),
    SPEARMAN("Spearman"),
    RMSE("RMSE"),
    PERPLEXITY("perplexity"),
    NSP_ACCURACY("NSP accuracy"),
    LOSS("loss");

    private final String title;

    Metric(String title) {
        this.title = title;
    }

    /** As people read it. */
    public String title() {
        return title;
    }

    /** As it is written on the command line, and in files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether less of it is better. */
    public boolean isError() {
        return this == LOSS || this == RMSE || this == PERPLEXITY;
    }

    /**
     * Its value.
     *
     * @throws IllegalArgumentException when it is none of the task's
     */
    public double of(Metrics metrics) {
        if (this == LOSS) {
            return metrics.loss();
        }
        Double value = metrics.values().get(this);
        if (value == null) {
            throw new IllegalArgumentException(this + " is not among " + metrics.values());
        }
        return value;
    }

    /**
     * Whether the weights of {@code metrics} are to be kept in the place of the best so far: a higher score, or as high a
     * one with less loss, as when a model says the same of all at first and only grows surer of what is right.
     */
    public boolean prefers(Metrics metrics, Metrics best) {
        boolean tie = best != null && !improves(best, metrics);
        return improves(metrics, best) || (tie && LOSS.improves(metrics, best));
    }

    /** Whether {@code metrics} beat those of the best so far, null when there are none; equal ones do not. */
    public boolean improves(Metrics metrics, Metrics best) {
        if (best == null) {
            return true;
        }
        // A loss that is no number compares as the greatest.
        return isError() ? Double.compare(of(metrics), of(best)) < 0 : of(metrics) > of(best);
    }
}
