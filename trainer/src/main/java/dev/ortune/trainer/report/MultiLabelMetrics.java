package dev.ortune.trainer.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well labels that do not exclude each other were given to texts.
 *
 * @param count number of examples
 * @param loss mean binary cross entropy over examples and labels in nats, without positive weights
 * @param labels a score a label, in the order of their ids
 * @param exactMatch share of the examples that were given exactly their labels: subset accuracy
 * @param rankingAveragePrecision label ranking average precision (Tsoumakas, Katakis and Vlahavas 2010, "Mining Multi-label
 *     Data"), as scikit-learn's {@code label_ranking_average_precision_score} computes it
 */
public record MultiLabelMetrics(
        long count, double loss, List<LabelScore> labels, double exactMatch, double rankingAveragePrecision)
        implements Metrics {
    public MultiLabelMetrics {
        labels = List.copyOf(labels);
    }

    /** F1 of all decisions together. */
    public double microF1() {
        return LabelScore.f1(
                labels.stream().mapToLong(LabelScore::correct).sum(),
                labels.stream().mapToLong(LabelScore::predicted).sum(),
                labels.stream().mapToLong(LabelScore::support).sum());
    }

    /** The mean of the labels' F1, 0 for one that neither occurs nor was given: scikit-learn's {@code average="macro"}. */
    public double macroF1() {
        return labels.stream().mapToDouble(LabelScore::f1).average().orElse(0);
    }

    @Override
    public Map<Metric, Double> values() {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(Metric.F1_MICRO, microF1());
        values.put(Metric.F1_MACRO, macroF1());
        values.put(Metric.EXACT_MATCH, exactMatch);
        values.put(Metric.RANKING_AP, rankingAveragePrecision);
        return values;
    }
}
