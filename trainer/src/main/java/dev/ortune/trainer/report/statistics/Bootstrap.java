package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.ConfusionMatrix;
import java.util.Random;

/**
 * How far a model's figures would scatter over test sets of this kind: the examples are drawn anew with replacement, as
 * many as there are, again and again (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", percentiles).
 *
 * @param accuracy interval of the accuracy
 * @param mcc interval of Matthews' correlation coefficient
 */
public record Bootstrap(Interval accuracy, Interval mcc) {
    /** Samples that are drawn. */
    public static final int SAMPLES = 1000;

    /** Fixed, so that the same predictions always give the same intervals. */
    public static final long SEED = 2018;

    /**
     * Draws samples.
     *
     * @param labels the right labels, {@code [n]}
     * @param predictions the predicted ones, {@code [n]}
     * @param classes number of labels there are
     */
    public static Bootstrap of(int[] labels, int[] predictions, int classes, int samples, long seed) {
        Random random = new Random(seed);
        double[] accuracies = new double[samples];
        double[] mccs = new double[samples];
        for (int sample = 0; sample < samples; sample++) {
            long[][] counts = new long[classes][classes];
            for (int i = 0; i < labels.length; i++) {
                int drawn = random.nextInt(labels.length);
                counts[labels[drawn]][predictions[drawn]]++;
            }
            ConfusionMatrix confusion = new ConfusionMatrix(counts);
            accuracies[sample] = confusion.accuracy();
            mccs[sample] = confusion.mcc();
        }
        return new Bootstrap(Interval.of(accuracies), Interval.of(mccs));
    }
}
