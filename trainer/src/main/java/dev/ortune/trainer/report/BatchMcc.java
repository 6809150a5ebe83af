package dev.ortune.trainer.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Matthews' correlation coefficient of each batch of a set in its order. A few dozen examples make it jump about; that
 * of the whole set is the one to compare models by.
 *
 * @param values one a batch; the last batch may be smaller
 * @param batchSize examples a batch
 */
public record BatchMcc(List<Double> values, int batchSize) {
    /** Examples a batch where nobody asks for another number. */
    public static final int BATCH_SIZE = 32;

    public BatchMcc {
        values = List.copyOf(values);
    }

    /**
     * Cuts a set into batches.
     *
     * @param labels the right labels, {@code [n]}
     * @param predictions the predicted ones, {@code [n]}
     * @param classes number of labels there are
     * @param batchSize examples a batch
     */
    public static BatchMcc of(int[] labels, int[] predictions, int classes, int batchSize) {
        List<Double> values = new ArrayList<>();
        for (int from = 0; from < labels.length; from += batchSize) {
            int to = Math.min(labels.length, from + batchSize);
            int[] right = Arrays.copyOfRange(labels, from, to);
            int[] predicted = Arrays.copyOfRange(predictions, from, to);
            values.add(ConfusionMatrix.of(right, predicted, classes).mcc());
        }
        return new BatchMcc(values, batchSize);
    }

    /** The mean over the batches; 0 without any. */
    public double mean() {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
    }
}
