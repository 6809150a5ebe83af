package dev.ortune.trainer.report.run;

import dev.ortune.trainer.report.ClassPredictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Texts that were held out and what a model says of each.
 *
 * @param role {@code validation} or {@code test}
 * @param labels label names in the order of their ids
 * @param examples in file order
 * @param predictions the model's, in the same order
 */
public record ClassHoldout(String role, List<String> labels, List<HeldOut> examples, ClassPredictions predictions)
        implements Holdout {
    public ClassHoldout {
        labels = List.copyOf(labels);
        examples = List.copyOf(examples);
        if (examples.size() != predictions.size()) {
            throw new IllegalArgumentException(examples.size() + " examples, " + predictions.size() + " predictions");
        }
    }

    @Override
    public int size() {
        return examples.size();
    }

    public String label(int example) {
        return labels.get(predictions.labels()[example]);
    }

    public String prediction(int example) {
        return labels.get(predictions.prediction(example));
    }

    public boolean isRight(int example) {
        return predictions.prediction(example) == predictions.labels()[example];
    }

    /** The probability of the predicted label. */
    public double confidence(int example) {
        return predictions.probabilities(example)[predictions.prediction(example)];
    }

    /** The probabilities of one label, {@code [size]}. */
    public double[] probabilities(int label) {
        double[] scores = new double[size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = predictions.probabilities(i)[label];
        }
        return scores;
    }

    /** Which examples have a label, {@code [size]}. */
    public boolean[] has(int label) {
        boolean[] result = new boolean[size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = predictions.labels()[i] == label;
        }
        return result;
    }

    /** Positions of the examples of each source; empty where the set names none. */
    public Map<String, List<Integer>> bySource() {
        Map<String, List<Integer>> sources = new TreeMap<>();
        for (int i = 0; i < size(); i++) {
            String source = examples.get(i).source();
            if (!source.isEmpty()) {
                sources.computeIfAbsent(source, name -> new ArrayList<>()).add(i);
            }
        }
        return new LinkedHashMap<>(sources);
    }

    @Override
    public boolean isSameSet(Holdout holdout) {
        return holdout instanceof ClassHoldout other && isSame(other);
    }

    private boolean isSame(ClassHoldout other) {
        return labels.equals(other.labels)
                && HeldOut.areSame(examples, other.examples)
                && Arrays.equals(predictions.labels(), other.predictions.labels());
    }
}
