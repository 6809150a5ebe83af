package dev.ortune.spark;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names of the columns that a model adds; an empty one is left out.
 *
 * @param prediction what the model says
 * @param label the name of a label, or the text of a choice
 * @param probability of each label or choice
 * @param raw logits of each label
 */
record OutputNames(String prediction, String label, String probability, String raw) implements Serializable {
    List<String> all() {
        return Stream.of(prediction, label, probability, raw)
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
