package dev.ortune.trainer.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well texts are written, each token told after the right ones before it.
 *
 * @param count number of texts
 * @param tokens of all of them, their ends included
 * @param loss mean cross entropy of a token in nats
 * @param tokenAccuracy share of tokens that were the likeliest
 * @param exactMatch share of texts all of whose tokens were: what the model writes, taking the likeliest token each time, is such a
 *     text token for token
 */
public record WritingMetrics(long count, long tokens, double loss, double tokenAccuracy, double exactMatch)
        implements Metrics {
    @Override
    public Map<Metric, Double> values() {
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(Metric.TOKEN_ACCURACY, tokenAccuracy);
        values.put(Metric.EXACT_MATCH, exactMatch);
        return values;
    }
}
