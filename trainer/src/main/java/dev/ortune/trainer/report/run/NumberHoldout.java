package dev.ortune.trainer.report.run;

import dev.ortune.trainer.report.NumberPredictions;
import java.util.Arrays;
import java.util.List;

/**
 * Texts that were held out and the numbers that a model gave them.
 *
 * @param role {@code validation} or {@code test}
 * @param examples in file order
 * @param predictions the model's, in the same order
 */
public record NumberHoldout(String role, List<HeldOut> examples, NumberPredictions predictions) implements Holdout {
    public NumberHoldout {
        examples = List.copyOf(examples);
        if (examples.size() != predictions.size()) {
            throw new IllegalArgumentException(examples.size() + " examples, " + predictions.size() + " predictions");
        }
    }

    /** None: a number has no name that matters. */
    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public boolean isSameSet(Holdout other) {
        return other instanceof NumberHoldout that
                && HeldOut.areSame(examples, that.examples)
                && Arrays.equals(predictions.labels(), that.predictions.labels());
    }
}
