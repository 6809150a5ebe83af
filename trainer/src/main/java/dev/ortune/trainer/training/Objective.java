package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.task.LabelWeights;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.head.CrossEntropy;
import java.util.Arrays;

/**
 * What training minimises: cross entropy, perhaps smoothed, perhaps with a weight a label.
 *
 * @param labelSmoothing in [0, 1)
 * @param classWeights how the labels count
 */
public record Objective(double labelSmoothing, ClassWeights classWeights) {
    public Objective {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new OrtuneException("--label-smoothing must be from 0 to below 1, not " + labelSmoothing);
        }
    }

    /** The loss for a training set. */
    public CrossEntropy loss(Dataset train) {
        return new CrossEntropy(labelSmoothing, classWeights.of(train));
    }

    /** Fails when the class weights are not those of a training set's labels, or it has no classes at all. */
    void requireFitting(Task task, Dataset train) {
        if (task.hasClasses()) {
            classWeights.of(train);
        } else if (labelSmoothing > 0 || !(classWeights instanceof Equal)) {
            throw new OrtuneException((labelSmoothing > 0 ? "--label-smoothing" : "--class-weights")
                    + " is for labels that exclude each other, which " + task.name() + " has not");
        }
    }

    /** The weight of each label in the loss. */
    public sealed interface ClassWeights {
        /** One weight a label, {@code [labels]}, or null for all the same. */
        float[] of(Dataset train);

        /** {@code balanced}, weights divided by commas, or nothing at all. */
        static ClassWeights parse(String text) {
            if (text == null || text.isBlank()) {
                return new Equal();
            }
            if (text.equals("balanced")) {
                return new Balanced();
            }
            return new Given(LabelWeights.parse("--class-weights", "balanced", text));
        }
    }

    /** All labels count the same. */
    public record Equal() implements ClassWeights {
        @Override
        public float[] of(Dataset train) {
            return null;
        }

        @Override
        public String toString() {
            return "equal";
        }
    }

    /** {@code examples / (labels * occurrences)}, scikit-learn's "balanced". */
    public record Balanced() implements ClassWeights {
        @Override
        public float[] of(Dataset train) {
            int[] occurrences = train.occurrences();
            float[] weights = new float[occurrences.length];
            for (int label = 0; label < weights.length; label++) {
                if (occurrences[label] == 0) {
                    throw new OrtuneException(
                            "--class-weights balanced needs an example of every label, but " + train.name()
                                    + " has none of " + train.labels().names().get(label));
                }
                weights[label] =
                        (float) ((double) Arrays.stream(occurrences).sum() / weights.length / occurrences[label]);
            }
            return weights;
        }

        @Override
        public String toString() {
            return "balanced";
        }
    }

    /** One a label, in the order of their ids. */
    public record Given(LabelWeights weights) implements ClassWeights {
        @Override
        public float[] of(Dataset train) {
            return weights.of(train);
        }

        @Override
        public String toString() {
            return weights.toString();
        }
    }
}
