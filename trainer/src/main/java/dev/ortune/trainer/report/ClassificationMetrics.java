package dev.ortune.trainer.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well a classifier of whole texts did on a set.
 *
 * @param count number of examples
 * @param loss mean cross entropy in nats, without class weights or label smoothing
 * @param accuracy share of right predictions
 * @param f1 of label 1 where there are two labels, else the mean over the labels
 * @param mcc Matthews' correlation coefficient
 * @param confusion which label was taken for which
 */
public record ClassificationMetrics(
        long count, double loss, double accuracy, double f1, double mcc, ConfusionMatrix confusion) implements Metrics {
    public static ClassificationMetrics of(double loss, ConfusionMatrix confusion) {
        return new ClassificationMetrics(
                confusion.total(), loss, confusion.accuracy(), confusion.f1(), confusion.mcc(), confusion);
    }

    @Override
    public Map<Metric, Double> values() {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(Metric.ACCURACY, accuracy);
        values.put(Metric.F1, f1);
        values.put(Metric.MCC, mcc);
        return values;
    }
}
