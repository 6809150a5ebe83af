package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.TokenMetrics;
import dev.ortune.trainer.report.run.TokenHoldout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * All that is measured of a classifier of words.
 *
 * @param metrics without the loss, which the file of predictions does not tell
 * @param intervals of each metric, over bootstrap samples of the sentences
 * @param confusion of types of entities, or of labels that are none
 */
public record TokenScores(TokenMetrics metrics, Map<Metric, Interval> intervals, TypeConfusion confusion)
        implements IntervalScores {
    /** Measures. */
    static TokenScores of(TokenHoldout holdout) {
        return new TokenScores(
                holdout.predictions().metrics(),
                intervals(holdout, Bootstrap.SAMPLES, Bootstrap.SEED),
                TypeConfusion.of(holdout.predictions()));
    }

    /** Sentences are drawn and not words: words of a sentence hang together. */
    private static Map<Metric, Interval> intervals(TokenHoldout holdout, int samples, long seed) {
        SentenceCounts counts = SentenceCounts.of(holdout.predictions());
        Map<Metric, double[]> values = new LinkedHashMap<>();
        counts.metrics().forEach(metric -> values.put(metric, new double[samples]));
        Random random = new Random(seed);
        for (int sample = 0; sample < samples; sample++) {
            int[] drawn = random.ints(holdout.size(), 0, holdout.size()).toArray();
            SentenceCounts.Sum sum = counts.sum(drawn);
            for (Map.Entry<Metric, double[]> entry : values.entrySet()) {
                entry.getValue()[sample] = sum.value(entry.getKey());
            }
        }
        Map<Metric, Interval> intervals = new LinkedHashMap<>();
        values.forEach((metric, each) -> intervals.put(metric, Interval.of(each)));
        return intervals;
    }
}
