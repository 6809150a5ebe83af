package dev.ortune.trainer.report.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How well scores rank the examples of one label above all others, for every threshold at once.
 *
 * @param truePositives examples of the label among those that score at least the threshold, a threshold after the other
 *     from the highest score down; {@code [thresholds]}
 * @param falsePositives other examples among them, {@code [thresholds]}
 */
public record Ranking(long[] truePositives, long[] falsePositives) {
    /**
     * Ranks examples; equal scores share a threshold.
     *
     * @param scores the higher the more likely, {@code [n]}
     * @param positive which examples have the label, {@code [n]}
     */
    public static Ranking of(double[] scores, boolean[] positive) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        long[] right = new long[scores.length];
        long[] wrong = new long[scores.length];
        int thresholds = 0;
        long hits = 0;
        for (int i = 0; i < order.length; i++) {
            hits += positive[order[i]] ? 1 : 0;
            if (i + 1 == order.length || scores[order[i]] != scores[order[i + 1]]) {
                right[thresholds] = hits;
                wrong[thresholds++] = i + 1 - hits;
            }
        }
        return new Ranking(Arrays.copyOf(right, thresholds), Arrays.copyOf(wrong, thresholds));
    }

    /** Whether there are examples with the label and without: nothing is defined otherwise. */
    public boolean isDefined() {
        return positives() > 0 && negatives() > 0;
    }

    /** The receiver operating characteristic: true positive rate over false positive rate, from (0, 0) to (1, 1). */
    public Curve roc() {
        double[] x = new double[truePositives.length + 1];
        double[] y = new double[x.length];
        for (int i = 1; i < x.length; i++) {
            x[i] = (double) falsePositives[i - 1] / negatives();
            y[i] = (double) truePositives[i - 1] / positives();
        }
        return new Curve(x, y);
    }

    /**
     * Area under the ROC curve by trapezoids: the probability that an example with the label scores higher than one
     * without, ties counted half (Fawcett 2006, "An introduction to ROC analysis").
     */
    public double auc() {
        Curve roc = roc();
        double area = 0;
        for (int i = 1; i < roc.size(); i++) {
            area += (roc.x()[i] - roc.x()[i - 1]) * (roc.y()[i] + roc.y()[i - 1]) / 2;
        }
        return area;
    }

    /** Precision over recall, from recall 0 (precision 1 by convention) to 1. */
    public Curve precisionRecall() {
        double[] recall = new double[truePositives.length + 1];
        double[] precision = new double[recall.length];
        precision[0] = 1;
        for (int i = 1; i < recall.length; i++) {
            recall[i] = (double) truePositives[i - 1] / positives();
            precision[i] = (double) truePositives[i - 1] / (truePositives[i - 1] + falsePositives[i - 1]);
        }
        return new Curve(recall, precision);
    }

    /**
     * Average precision, {@code sum (R_i - R_{i-1}) P_i}, as scikit-learn's {@code average_precision_score} has it: the
     * area under the curve as steps, not interpolated.
     */
    public double averagePrecision() {
        Curve curve = precisionRecall();
        double sum = 0;
        for (int i = 1; i < curve.size(); i++) {
            sum += (curve.x()[i] - curve.x()[i - 1]) * curve.y()[i];
        }
        return sum;
    }

    public long positives() {
        return truePositives.length == 0 ? 0 : truePositives[truePositives.length - 1];
    }

    public long negatives() {
        return falsePositives.length == 0 ? 0 : falsePositives[falsePositives.length - 1];
    }
}
