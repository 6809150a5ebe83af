package dev.ortune.trainer.report.run;

import dev.ortune.trainer.report.WrittenPredictions;
import java.util.List;

/**
 * Texts that were held out and what a model wrote after them.
 *
 * @param role {@code validation} or {@code test}
 * @param examples in file order
 * @param targets what was to be written, in the same order
 * @param predictions the model's, likewise
 */
public record WrittenHoldout(String role, List<HeldOut> examples, List<String> targets, WrittenPredictions predictions)
        implements Holdout {
    public WrittenHoldout {
        examples = List.copyOf(examples);
        targets = List.copyOf(targets);
        if (examples.size() != predictions.size() || targets.size() != examples.size()) {
            throw new IllegalArgumentException(examples.size() + " examples, " + targets.size() + " targets, "
                    + predictions.size() + " predictions");
        }
    }

    /** None: any text may be written. */
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
        return other instanceof WrittenHoldout that
                && HeldOut.areSame(examples, that.examples)
                && targets.equals(that.targets);
    }
}
