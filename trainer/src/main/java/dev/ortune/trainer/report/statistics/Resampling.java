package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** A model's metrics over bootstrap samples of a set's examples. */
final class Resampling {
    private Resampling() {}

    /** The metrics of some of a set's examples, each as often as it is named. */
    @FunctionalInterface
    interface Measure {
        Map<Metric, Double> of(int[] examples);
    }

    /** An interval a metric. */
    static Map<Metric, Interval> intervals(int size, Measure measure) {
        Map<Metric, double[]> values = new LinkedHashMap<>();
        Random random = new Random(Bootstrap.SEED);
        for (int sample = 0; sample < Bootstrap.SAMPLES; sample++) {
            int at = sample;
            measure.of(random.ints(size, 0, size).toArray())
                    .forEach((metric, value) ->
                            values.computeIfAbsent(metric, each -> new double[Bootstrap.SAMPLES])[at] = value);
        }
        Map<Metric, Interval> intervals = new LinkedHashMap<>();
        values.forEach((metric, each) -> intervals.put(metric, Interval.of(each)));
        return intervals;
    }

    /** How far the second model's metrics are from the first's, on the same samples. */
    static List<PairedBootstrap.Difference> differences(int size, Measure first, Measure second, List<Metric> metrics) {
        Random random = new Random(Bootstrap.SEED);
        double[][] samples = new double[metrics.size()][Bootstrap.SAMPLES];
        for (int sample = 0; sample < Bootstrap.SAMPLES; sample++) {
            int[] drawn = random.ints(size, 0, size).toArray();
            Map<Metric, Double> one = first.of(drawn);
            Map<Metric, Double> other = second.of(drawn);
            for (int i = 0; i < samples.length; i++) {
                samples[i][sample] = other.get(metrics.get(i)) - one.get(metrics.get(i));
            }
        }
        int[] all = IntStream.range(0, size).toArray();
        Map<Metric, Double> one = first.of(all);
        Map<Metric, Double> other = second.of(all);
        List<PairedBootstrap.Difference> differences = new ArrayList<>();
        for (int i = 0; i < samples.length; i++) {
            differences.add(
                    PairedBootstrap.Difference.of(other.get(metrics.get(i)) - one.get(metrics.get(i)), samples[i]));
        }
        return differences;
    }
}
