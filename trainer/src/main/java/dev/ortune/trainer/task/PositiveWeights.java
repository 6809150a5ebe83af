package dev.ortune.trainer.task;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Dataset;

/** How much a text with a label counts beside one without, label by label: {@code --positive-weights}. */
public sealed interface PositiveWeights {
    /** One a label, {@code [labels]}, or null for all the same. */
    float[] of(Dataset train);

    /** {@code auto}, weights divided by commas, or nothing at all. */
    static PositiveWeights parse(String text) {
        if (text == null || text.isBlank()) {
            return new Equal();
        }
        if (text.equals("auto")) {
            return new Auto();
        }
        return new Given(LabelWeights.parse("--positive-weights", "auto", text));
    }

    /** All count the same. */
    record Equal() implements PositiveWeights {
        @Override
        public float[] of(Dataset train) {
            return null;
        }

        @Override
        public String toString() {
            return "equal";
        }
    }

    /**
     * Texts without the label by texts with it, as the documentation of PyTorch's {@code BCEWithLogitsLoss} suggests: both
     * kinds weigh the same then.
     */
    record Auto() implements PositiveWeights {
        @Override
        public float[] of(Dataset train) {
            int[] occurrences = train.occurrences();
            float[] weights = new float[occurrences.length];
            for (int label = 0; label < weights.length; label++) {
                int with = occurrences[label];
                if (with == 0 || with == train.size()) {
                    throw new OrtuneException("--positive-weights auto needs texts with and without every label, but "
                            + (with == 0 ? "none" : "each") + " of " + train.name() + " has "
                            + train.labels().names().get(label));
                }
                weights[label] = (float) (train.size() - with) / with;
            }
            return weights;
        }

        @Override
        public String toString() {
            return "auto";
        }
    }

    /** One a label, in the order of their ids. */
    record Given(LabelWeights weights) implements PositiveWeights {
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
