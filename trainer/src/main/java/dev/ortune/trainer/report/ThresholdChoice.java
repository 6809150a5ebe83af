package dev.ortune.trainer.report;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Chooses the probability from which a label is given: that with the highest F1 on a validation set, as Lipton, Elkan and
 * Narayanaswamy 2014 ("Optimal Thresholding of Classifiers to Maximize F1 Measure") have it for each label alone. Of equal
 * ones the nearest to 0.5 is taken.
 */
public final class ThresholdChoice {
    /** Where nothing was chosen. */
    public static final double USUAL = 0.5;

    /** Four decimals, that people can read them. */
    private static final double STEPS = 1e4;

    private ThresholdChoice() {}

    /** One a label, {@code [labels]}; {@link #USUAL} of a label that no example has. */
    public static double[] of(LabelSetPredictions predictions) {
        return IntStream.range(0, predictions.names().size())
                .mapToDouble(label -> of(predictions, label))
                .toArray();
    }

    private static double of(LabelSetPredictions predictions, int label) {
        double[] all = probabilities(predictions, label, false);
        double[] right = probabilities(predictions, label, true);
        if (right.length == 0) {
            return USUAL;
        }
        double best = USUAL;
        double bestF1 = f1(all, right, best);
        for (int i = 1; i < all.length; i++) {
            double threshold = Math.rint((all[i - 1] + all[i]) / 2 * STEPS) / STEPS;
            double f1 = f1(all, right, threshold);
            boolean nearer = Math.abs(threshold - USUAL) < Math.abs(best - USUAL);
            if (f1 > bestF1 || (f1 == bestF1 && nearer)) {
                best = threshold;
                bestF1 = f1;
            }
        }
        return best;
    }

    /** Of all examples, or of those that have the label; ascending. */
    private static double[] probabilities(LabelSetPredictions predictions, int label, boolean ofRight) {
        return IntStream.range(0, predictions.size())
                .filter(example -> !ofRight || predictions.labels()[example][label])
                .mapToDouble(example -> predictions.probability(example, label))
                .sorted()
                .toArray();
    }

    private static double f1(double[] all, double[] right, double threshold) {
        return LabelScore.f1(from(right, threshold), from(all, threshold), right.length);
    }

    /** How many of sorted numbers are at least so large. */
    private static int from(double[] sorted, double threshold) {
        int at = Arrays.binarySearch(sorted, threshold);
        while (at > 0 && sorted[at - 1] == threshold) {
            at--;
        }
        return sorted.length - (at >= 0 ? at : -at - 1);
    }
}
