package dev.ortune.trainer.data;

import java.util.List;

/**
 * Examples in file order with the labels they refer to.
 *
 * @param name what a person calls it: the file as given, or {@code builtin:train}
 * @param examples the rows, in file order
 * @param labels the label names
 */
public record Dataset(String name, List<Example> examples, Labels labels) {
    public Dataset {
        examples = List.copyOf(examples);
    }

    /** Whether its examples are of two texts each. */
    public boolean hasPairs() {
        return !examples.isEmpty() && examples.get(0).pair() != null;
    }

    public int size() {
        return examples.size();
    }
}
