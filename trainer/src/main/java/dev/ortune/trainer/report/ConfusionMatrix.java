package dev.ortune.trainer.report;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How often each label was taken for each.
 *
 * @param counts {@code [true label, predicted label]}
 */
public record ConfusionMatrix(long[][] counts) {
    /**
     * Counts predictions.
     *
     * @param labels the right labels, {@code [n]}
     * @param predictions the predicted ones, {@code [n]}
     * @param classes number of labels there are
     */
    public static ConfusionMatrix of(int[] labels, int[] predictions, int classes) {
        if (labels.length != predictions.length) {
            throw new IllegalArgumentException(labels.length + " labels, " + predictions.length + " predictions");
        }
        long[][] counts = new long[classes][classes];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][predictions[i]]++;
        }
        return new ConfusionMatrix(counts);
    }

    public int classes() {
        return counts.length;
    }

    /** Number of predictions. */
    public long total() {
        return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    /** Number of right ones. */
    public long correct() {
        return classIds().mapToLong(c -> counts[c][c]).sum();
    }

    /** How often a label is the right one. */
    public long occurrences(int label) {
        return Arrays.stream(counts[label]).sum();
    }

    /** How often a label was predicted. */
    public long predicted(int label) {
        return Arrays.stream(counts).mapToLong(row -> row[label]).sum();
    }

    /** Share of right predictions; 0 when there are none at all. */
    public double accuracy() {
        return ratio(correct(), total());
    }

    /**
     * F1: with two labels that of label 1; with more the unweighted mean over the labels that occur or were predicted.
     * These are scikit-learn's {@code f1_score(average="binary")} and {@code average="macro"}.
     */
    public double f1() {
        if (classes() == 2) {
            return f1(1);
        }
        return classIds()
                .filter(label -> occurrences(label) + predicted(label) > 0)
                .mapToDouble(this::f1)
                .average()
                .orElse(0);
    }

    /** F1 of one label, {@code 2 TP / (2 TP + FP + FN)}; 0 when it neither occurs nor was predicted. */
    public double f1(int label) {
        return ratio(2 * counts[label][label], occurrences(label) + predicted(label));
    }

    /**
     * Matthews' correlation coefficient for any number of labels (Gorodkin 2004), as scikit-learn's
     * {@code matthews_corrcoef} computes it; 0 where it is not defined, as when only one label was predicted.
     */
    public double mcc() {
        double total = total();
        double agreement = total * correct() - sum(label -> (double) occurrences(label) * predicted(label));
        double spreadOfLabels = total * total - sum(label -> square(occurrences(label)));
        double spreadOfPredictions = total * total - sum(label -> square(predicted(label)));
        double denominator = Math.sqrt(spreadOfLabels * spreadOfPredictions);
        return denominator == 0 ? 0 : agreement / denominator;
    }

    private double sum(IntToDoubleFunction term) {
        return classIds().mapToDouble(term).sum();
    }

    private static double square(long value) {
        return (double) value * value;
    }

    private IntStream classIds() {
        return IntStream.range(0, counts.length);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }
}
