package dev.ortune.trainer.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well a model answered the questions of a set, as SQuAD's evaluation scripts measure it, in [0, 1] where they have per
 * cent.
 *
 * @param loss mean cross entropy of first and last tokens in nats
 * @param all of all questions
 * @param answerable of those that have an answer; null where all do, or the model always answers
 * @param unanswerable of those that have none, likewise
 * @param best what could be reached with other thresholds, likewise
 * @param threshold the highest null score with which an answer stood; no number where the model always answers
 */
public record AnswerMetrics(
        double loss, AnswerScore all, AnswerScore answerable, AnswerScore unanswerable, Best best, double threshold)
        implements Metrics {
    /**
     * What could be reached with the best threshold for each.
     *
     * @param exactMatch by exact matches
     * @param f1 by F1
     */
    public record Best(AnswerThreshold exactMatch, AnswerThreshold f1) {}

    /** Of a model that always answers. */
    public AnswerMetrics(double loss, AnswerScore all) {
        this(loss, all, null, null, null, Double.NaN);
    }

    /** Whether the model may say that there is no answer. */
    public boolean mayBeNone() {
        return best != null;
    }

    @Override
    public long count() {
        return all.count();
    }

    @Override
    public Map<Metric, Double> values() {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(Metric.EXACT_MATCH, all.exactMatch());
        values.put(Metric.F1, all.f1());
        return values;
    }
}
