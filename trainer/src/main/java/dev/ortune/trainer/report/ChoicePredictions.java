package dev.ortune.trainer.report;

import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Target;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a model said of each example's choices, in the set's order.
 *
 * @param logits {@code [examples][choices]}; examples may have different numbers of them
 * @param right place of the right one, {@code [examples]}
 */
public record ChoicePredictions(float[][] logits, int[] right) implements Predictions {
    public ChoicePredictions {
        if (logits.length != right.length) {
            throw new IllegalArgumentException(logits.length + " rows of logits for " + right.length + " examples");
        }
    }

    /**
     * Asks a model about a whole set.
     *
     * @param batches the set, in any order
     * @param model gives a batch's logits, one a sequence
     */
    public static ChoicePredictions of(Batches batches, Function<Batch, float[]> model) {
        EncodedDataset data = batches.data();
        float[] all = new float[data.size()];
        batches.epoch(0).forEach(batch -> {
            float[] values = model.apply(batch);
            for (int i = 0; i < batch.size(); i++) {
                all[batch.rows()[i]] = values[i];
            }
        });
        int size = data.dataset().size();
        float[][] logits = new float[size][];
        int[] right = new int[size];
        for (int example = 0; example < size; example++) {
            int[] rows = data.rows(example).toArray();
            logits[example] = new float[rows.length];
            for (int choice = 0; choice < rows.length; choice++) {
                logits[example][choice] = all[rows[choice]];
            }
            right[example] =
                    ((Target.Choices) data.dataset().examples().get(example).target()).right();
        }
        return new ChoicePredictions(logits, right);
    }

    @Override
    public int size() {
        return right.length;
    }

    /** How many choices an example has. */
    public int choices(int example) {
        return logits[example].length;
    }

    /** The place of the choice with the highest logit; the first of equals. */
    public int prediction(int example) {
        return ClassPredictions.highest(logits[example]);
    }

    public boolean isRight(int example) {
        return prediction(example) == right[example];
    }

    /** Softmax of an example's logits, {@code [choices]}. */
    public double[] probabilities(int example) {
        float[] row = logits[example];
        double logSum = ClassPredictions.logSumExp(row);
        return IntStream.range(0, row.length)
                .mapToDouble(choice -> Math.exp(row[choice] - logSum))
                .toArray();
    }

    @Override
    public ChoiceMetrics metrics() {
        return metrics(IntStream.range(0, size()).toArray());
    }

    /** Of some of the examples, each as often as it is named. */
    public ChoiceMetrics metrics(int[] examples) {
        double loss = 0;
        double chance = 0;
        long correct = 0;
        for (int example : examples) {
            loss += ClassPredictions.logSumExp(logits[example]) - logits[example][right[example]];
            chance += 1.0 / choices(example);
            correct += isRight(example) ? 1 : 0;
        }
        int count = Math.max(1, examples.length);
        return new ChoiceMetrics(examples.length, loss / count, correct, chance / count);
    }
}
