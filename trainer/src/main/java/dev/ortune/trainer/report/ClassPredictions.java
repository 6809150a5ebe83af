package dev.ortune.trainer.report;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a classifier of whole texts said of each example of a set, in the set's order.
 *
 * @param logits {@code [examples, labels]}
 * @param labels the right labels, {@code [examples]}
 */
public record ClassPredictions(float[][] logits, int[] labels) implements Predictions {
    public ClassPredictions {
        if (logits.length != labels.length) {
            throw new IllegalArgumentException(logits.length + " rows of logits for " + labels.length + " labels");
        }
    }

    /**
     * Asks a model about a whole set.
     *
     * @param batches the set; in any order, as each example's position comes with it
     * @param model gives a batch's logits, {@code [size * labels]}
     */
    public static ClassPredictions of(Batches batches, Function<Batch, float[]> model) {
        float[][] logits = new float[batches.data().size()][];
        int[] labels = new int[logits.length];
        batches.epoch(0).forEach(batch -> {
            float[] values = model.apply(batch);
            int classes = values.length / batch.size();
            for (int i = 0; i < batch.size(); i++) {
                logits[batch.rows()[i]] = Arrays.copyOfRange(values, i * classes, (i + 1) * classes);
                labels[batch.rows()[i]] = (int) batch.labels()[i];
            }
        });
        return new ClassPredictions(logits, labels);
    }

    @Override
    public int size() {
        return labels.length;
    }

    /** Number of labels there are. */
    public int classes() {
        return logits.length == 0 ? 0 : logits[0].length;
    }

    /** The label with the highest logit; the first of equals. */
    public int prediction(int example) {
        return highest(logits[example]);
    }

    /** The position of the highest number; the first of equals. */
    static int highest(float[] row) {
        int best = 0;
        for (int label = 1; label < row.length; label++) {
            best = row[label] > row[best] ? label : best;
        }
        return best;
    }

    /** The predicted label of each example, {@code [examples]}. */
    public int[] predictions() {
        return IntStream.range(0, size()).map(this::prediction).toArray();
    }

    /** Softmax of an example's logits, {@code [labels]}. */
    public double[] probabilities(int example) {
        float[] row = logits[example];
        double logSum = logSumExp(row);
        return IntStream.range(0, row.length)
                .mapToDouble(label -> Math.exp(row[label] - logSum))
                .toArray();
    }

    /** Mean cross entropy in nats. */
    public double loss() {
        return IntStream.range(0, size())
                .mapToDouble(example -> logSumExp(logits[example]) - logits[example][labels[example]])
                .average()
                .orElse(0);
    }

    @Override
    public ClassificationMetrics metrics() {
        return ClassificationMetrics.of(loss(), ConfusionMatrix.of(labels, predictions(), classes()));
    }

    public BatchMcc batchMcc(int batchSize) {
        return BatchMcc.of(labels, predictions(), classes(), batchSize);
    }

    // max + log sum exp(x - max): no overflow for large logits
    static double logSumExp(float[] row) {
        double max = Double.NEGATIVE_INFINITY;
        for (float value : row) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (float value : row) {
            sum += Math.exp(value - max);
        }
        return max + Math.log(sum);
    }
}
