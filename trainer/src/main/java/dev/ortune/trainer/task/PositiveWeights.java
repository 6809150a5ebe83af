package dev.ortune.trainer.task;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

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
        try {
            return new Given(Arrays.stream(text.split(",", -1))
                    .map(part -> Float.valueOf(part.strip()))
                    .toList());
        } catch (NumberFormatException e) {
            throw new OrtuneException(
                    "--positive-weights must be \"auto\" or numbers such as 1,2.5, not \"" + text + "\"", e);
        }
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
            int[] occurrences = new int[train.labels().count()];
            train.examples().forEach(example -> example.target().ids().forEach(label -> occurrences[label]++));
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
    record Given(List<Float> weights) implements PositiveWeights {
        public Given {
            weights = List.copyOf(weights);
            for (float weight : weights) {
                if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
                    throw new OrtuneException("--positive-weights must be positive, not " + weight);
                }
            }
        }

        @Override
        public float[] of(Dataset train) {
            if (weights.size() != train.labels().count()) {
                throw new OrtuneException("--positive-weights gives " + weights.size() + " weights for "
                        + train.labels().count() + " labels ("
                        + String.join(", ", train.labels().names()) + ")");
            }
            float[] result = new float[weights.size()];
            for (int label = 0; label < result.length; label++) {
                result[label] = weights.get(label);
            }
            return result;
        }

        @Override
        public String toString() {
            return weights.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }
}
