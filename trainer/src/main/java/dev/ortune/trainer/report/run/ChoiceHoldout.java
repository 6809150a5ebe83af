package dev.ortune.trainer.report.run;

import dev.ortune.trainer.report.ChoicePredictions;
import java.util.Arrays;
import java.util.List;

/**
 * Texts with choices that were held out and what a model says of them.
 *
 * @param role {@code validation} or {@code test}
 * @param examples in file order
 * @param choices of each example, in the same order
 * @param predictions the model's, in the same order
 */
public record ChoiceHoldout(
        String role, List<HeldOut> examples, List<List<String>> choices, ChoicePredictions predictions)
        implements Holdout {
    public ChoiceHoldout {
        examples = List.copyOf(examples);
        choices = List.copyOf(choices);
        if (examples.size() != predictions.size() || examples.size() != choices.size()) {
            throw new IllegalArgumentException(examples.size() + " examples, " + predictions.size() + " predictions");
        }
    }

    /** None: choices are texts of their own. */
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
        return other instanceof ChoiceHoldout that
                && HeldOut.areSame(examples, that.examples)
                && choices.equals(that.choices)
                && Arrays.equals(predictions.right(), that.predictions.right());
    }
}
