package dev.ortune.trainer.report;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a regression model said of each example of a set, in the set's order.
 *
 * @param predictions its numbers, {@code [examples]}
 * @param labels the right ones, {@code [examples]}
 */
public record NumberPredictions(double[] predictions, double[] labels) implements Predictions {
    public NumberPredictions {
        if (predictions.length != labels.length) {
            throw new IllegalArgumentException(predictions.length + " predictions for " + labels.length + " labels");
        }
    }

    /**
     * Asks a model about a whole set.
     *
     * @param batches the set; in any order, as each example's position comes with it
     * @param model gives a batch's logits, {@code [size]}
     */
    public static NumberPredictions of(Batches batches, Function<Batch, float[]> model) {
        double[] predictions = new double[batches.data().size()];
        double[] labels = new double[predictions.length];
        batches.epoch(0).forEach(batch -> {
            float[] values = model.apply(batch);
            float[] right = batch.arrays().get(Batch.LABELS).floats();
            for (int i = 0; i < batch.size(); i++) {
                predictions[batch.rows()[i]] = values[i];
                labels[batch.rows()[i]] = right[i];
            }
        });
        return new NumberPredictions(predictions, labels);
    }

    @Override
    public int size() {
        return labels.length;
    }

    /** How much too high a prediction is. */
    public double residual(int example) {
        return predictions[example] - labels[example];
    }

    @Override
    public RegressionMetrics metrics() {
        return metrics(IntStream.range(0, size()).toArray());
    }

    /** Of some of the examples, each as often as it is named. */
    public RegressionMetrics metrics(int[] examples) {
        double[] said = new double[examples.length];
        double[] right = new double[examples.length];
        double squares = 0;
        for (int i = 0; i < examples.length; i++) {
            said[i] = predictions[examples[i]];
            right[i] = labels[examples[i]];
            squares += (said[i] - right[i]) * (said[i] - right[i]);
        }
        return new RegressionMetrics(
                examples.length,
                examples.length == 0 ? 0 : squares / examples.length,
                Correlation.pearson(said, right),
                Correlation.spearman(said, right));
    }
}
