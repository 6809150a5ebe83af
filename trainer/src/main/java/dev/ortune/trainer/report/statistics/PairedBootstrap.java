package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.ConfusionMatrix;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.TokenPredictions;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Whether two models that were asked about the same examples differ by more than chance: both are measured on the same
 * bootstrap samples (Efron and Tibshirani 1993; Berg-Kirkpatrick et al. 2012, "An Empirical Investigation of
 * Statistical Significance in NLP").
 *
 * @param accuracy second model less first
 * @param mcc likewise
 */
public record PairedBootstrap(Difference accuracy, Difference mcc) {
    /**
     * A difference on the whole set.
     *
     * @param value on the set as it is
     * @param interval the middle 95 % over the samples
     * @param p two-sided: twice the share of samples on the rarer side of 0, one sample more counted there
     */
    public record Difference(double value, Interval interval, double p) {
        static Difference of(double value, double[] samples) {
            int below = 0;
            int above = 0;
            for (double sample : samples) {
                below += sample <= 0 ? 1 : 0;
                above += sample >= 0 ? 1 : 0;
            }
            double p = Math.min(1, 2.0 * (Math.min(below, above) + 1) / (samples.length + 1));
            return new Difference(value, Interval.of(samples), p);
        }

        /** Whether it would be rare without a true difference, at the usual level of 5 %. */
        public boolean isSignificant() {
            return p < 0.05;
        }
    }

    /**
     * Compares two classifiers of words by samples of sentences; the ids of their labels may differ.
     *
     * @param metrics what they are compared by
     * @return a difference a metric
     */
    public static List<Difference> of(TokenPredictions first, TokenPredictions second, List<Metric> metrics) {
        SentenceCounts firstCounts = SentenceCounts.of(first);
        SentenceCounts secondCounts = SentenceCounts.of(second);
        Random random = new Random(Bootstrap.SEED);
        double[][] samples = new double[metrics.size()][Bootstrap.SAMPLES];
        for (int sample = 0; sample < Bootstrap.SAMPLES; sample++) {
            int[] drawn = random.ints(first.size(), 0, first.size()).toArray();
            SentenceCounts.Sum one = firstCounts.sum(drawn);
            SentenceCounts.Sum other = secondCounts.sum(drawn);
            for (int i = 0; i < samples.length; i++) {
                samples[i][sample] = other.value(metrics.get(i)) - one.value(metrics.get(i));
            }
        }
        int[] all = IntStream.range(0, first.size()).toArray();
        return IntStream.range(0, metrics.size())
                .mapToObj(i -> Difference.of(
                        secondCounts.sum(all).value(metrics.get(i))
                                - firstCounts.sum(all).value(metrics.get(i)),
                        samples[i]))
                .toList();
    }

    /**
     * Compares two models by the means of what each example scored.
     *
     * @param first of the first model, {@code [metrics][n]}
     * @param second of the second, likewise
     * @return a difference a metric
     */
    public static List<Difference> ofMeans(double[][] first, double[][] second) {
        Random random = new Random(Bootstrap.SEED);
        int[] all = IntStream.range(0, first[0].length).toArray();
        double[][] samples = new double[first.length][Bootstrap.SAMPLES];
        for (int sample = 0; sample < Bootstrap.SAMPLES; sample++) {
            int[] drawn = random.ints(all.length, 0, all.length).toArray();
            for (int i = 0; i < samples.length; i++) {
                samples[i][sample] = difference(first[i], second[i], drawn);
            }
        }
        return IntStream.range(0, samples.length)
                .mapToObj(i -> Difference.of(difference(first[i], second[i], all), samples[i]))
                .toList();
    }

    private static double difference(double[] first, double[] second, int[] rows) {
        return IntStream.of(rows)
                .mapToDouble(row -> second[row] - first[row])
                .average()
                .orElse(0);
    }

    /**
     * Compares two models.
     *
     * @param labels the right labels, {@code [n]}
     * @param first predicted by the first model, {@code [n]}
     * @param second predicted by the second, {@code [n]}
     * @param classes number of labels there are
     */
    public static PairedBootstrap of(int[] labels, int[] first, int[] second, int classes, int samples, long seed) {
        Random random = new Random(seed);
        double[] accuracies = new double[samples];
        double[] mccs = new double[samples];
        for (int sample = 0; sample < samples; sample++) {
            long[][] firstCounts = new long[classes][classes];
            long[][] secondCounts = new long[classes][classes];
            for (int i = 0; i < labels.length; i++) {
                int drawn = random.nextInt(labels.length);
                firstCounts[labels[drawn]][first[drawn]]++;
                secondCounts[labels[drawn]][second[drawn]]++;
            }
            ConfusionMatrix firstMatrix = new ConfusionMatrix(firstCounts);
            ConfusionMatrix secondMatrix = new ConfusionMatrix(secondCounts);
            accuracies[sample] = secondMatrix.accuracy() - firstMatrix.accuracy();
            mccs[sample] = secondMatrix.mcc() - firstMatrix.mcc();
        }
        ConfusionMatrix firstWhole = ConfusionMatrix.of(labels, first, classes);
        ConfusionMatrix secondWhole = ConfusionMatrix.of(labels, second, classes);
        return new PairedBootstrap(
                Difference.of(secondWhole.accuracy() - firstWhole.accuracy(), accuracies),
                Difference.of(secondWhole.mcc() - firstWhole.mcc(), mccs));
    }
}
