package dev.ortune.trainer.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well a classifier of words did on a set. Precision, recall and F1 are those of all entities together (micro averages),
 * as seqeval's, and count measured words alone, as transformers' run_ner does.
 *
 * @param count number of sentences
 * @param loss mean cross entropy of the labelled tokens in nats, without class weights or label smoothing
 * @param words how many there are, and of how many the label is right
 * @param types by type of entity, in the types' order; null where the labels mark no entities
 */
public record TokenMetrics(long count, double loss, WordCounts words, List<TypeScore> types) implements Metrics {
    public TokenMetrics {
        types = types == null ? null : List.copyOf(types);
    }

    /** Whether the labels mark entities. */
    public boolean hasEntities() {
        return types != null;
    }

    /** All entities together. */
    public TypeScore all() {
        return types.stream().reduce(new TypeScore("all", 0, 0, 0), TypeScore::plus);
    }

    @Override
    public Map<Metric, Double> values() {
        Map<Metric, Double> values = new LinkedHashMap<>();
        if (hasEntities()) {
            TypeScore all = all();
            values.put(Metric.PRECISION, all.precision());
            values.put(Metric.RECALL, all.recall());
            values.put(Metric.F1, all.f1());
        }
        values.put(Metric.ACCURACY, words.accuracy());
        return values;
    }
}
