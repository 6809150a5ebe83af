package dev.ortune.trainer.task;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A number for each label, in the order of their ids, as an option gives them.
 *
 * @param option what it is called, for messages
 * @param weights positive
 */
public record LabelWeights(String option, List<Float> weights) {
    public LabelWeights {
        weights = List.copyOf(weights);
        for (float weight : weights) {
            if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new OrtuneException(option + " must be positive, not " + weight);
            }
        }
    }

    /**
     * Of numbers divided by commas.
     *
     * @param word what the option may be instead, for the message
     */
    public static LabelWeights parse(String option, String word, String text) {
        try {
            return new LabelWeights(
                    option,
                    Arrays.stream(text.split(",", -1))
                            .map(part -> Float.valueOf(part.strip()))
                            .toList());
        } catch (NumberFormatException e) {
            throw new OrtuneException(
                    option + " must be \"" + word + "\" or numbers such as 1,2.5, not \"" + text + "\"", e);
        }
    }

    /** {@code [labels]}; an {@link OrtuneException} when a training set has more labels, or fewer. */
    public float[] of(Dataset train) {
        if (weights.size() != train.labels().count()) {
            throw new OrtuneException(option + " gives " + weights.size() + " weights for "
                    + train.labels().count() + " labels ("
                    + String.join(", ", train.labels().names()) + ")");
        }
        float[] result = new float[weights.size()];
        for (int label = 0; label < result.length; label++) {
            result[label] = weights.get(label);
        }
        return result;
    }

    /** As they were given. */
    @Override
    public String toString() {
        return weights.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
