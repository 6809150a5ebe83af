package dev.ortune.trainer.data;

import java.util.Arrays;
import java.util.List;

/**
 * Examples in file order with the labels they refer to.
 *
 * @param name what a person calls it: the file as given, or {@code builtin:train}
 * @param examples the rows, in file order
 * @param labels the label names
 * @param reading how its file was read
 */
public record Dataset(String name, List<Example> examples, Labels labels, Reading reading) {
    public Dataset {
        examples = List.copyOf(examples);
    }

    /** One that was read as it stands there, or made. */
    public Dataset(String name, List<Example> examples, Labels labels) {
        this(name, examples, labels, Reading.PLAIN);
    }

    /** Whether its examples are of two texts each. */
    public boolean hasPairs() {
        return !examples.isEmpty() && examples.get(0).pair() != null;
    }

    /** A line on what its labels' numbers were taken for. */
    public String numbersTaken() {
        return name + " numbers its labels: " + reading.numbered();
    }

    /** So many of its examples, drawn by a seed, in file order: files are often sorted by label. All where it has fewer. */
    public Dataset sample(int count, long seed) {
        if (count >= size()) {
            return this;
        }
        List<Example> drawn = Arrays.stream(new Mt19937(seed).permutation(size()))
                .limit(count)
                .sorted()
                .mapToObj(examples::get)
                .toList();
        return new Dataset(name, drawn, labels, reading);
    }

    /** How many examples have each label, {@code [labels]}: with several labels a text, or a label a word, more than there are. */
    public int[] occurrences() {
        int[] occurrences = new int[labels.count()];
        examples.forEach(example -> example.target().ids().forEach(label -> occurrences[label]++));
        return occurrences;
    }

    public int size() {
        return examples.size();
    }
}
