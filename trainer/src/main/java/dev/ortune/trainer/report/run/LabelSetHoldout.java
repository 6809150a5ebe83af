package dev.ortune.trainer.report.run;

import dev.ortune.trainer.report.LabelSetPredictions;
import java.util.Arrays;
import java.util.List;

/**
 * Texts that were held out and which of several labels a model gave them.
 *
 * @param role {@code validation} or {@code test}
 * @param examples in file order
 * @param predictions the model's, in the same order
 */
public record LabelSetHoldout(String role, List<HeldOut> examples, LabelSetPredictions predictions) implements Holdout {
    public LabelSetHoldout {
        examples = List.copyOf(examples);
        if (examples.size() != predictions.size()) {
            throw new IllegalArgumentException(examples.size() + " examples, " + predictions.size() + " predictions");
        }
    }

    @Override
    public List<String> labels() {
        return predictions.names();
    }

    @Override
    public int size() {
        return examples.size();
    }

    @Override
    public boolean isSameSet(Holdout other) {
        return other instanceof LabelSetHoldout that
                && labels().equals(that.labels())
                && HeldOut.areSame(examples, that.examples)
                && Arrays.deepEquals(predictions.labels(), that.predictions.labels());
    }
}
