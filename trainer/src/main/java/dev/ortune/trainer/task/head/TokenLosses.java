package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import java.util.LinkedHashMap;
import java.util.Map;

/** The cross entropy of labelled tokens, each against the whole vocabulary: masked words', or next tokens'. */
final class TokenLosses {
    private TokenLosses() {}

    /**
     * The mean over all of them.
     *
     * @param logits {@code [labelled, vocab]}
     * @return a scalar
     */
    static Value mean(Form form, Value logits) {
        Ops ops = form.ops().in("loss");
        Value labels = form.labels(MaskedLanguageModelHead.LABELS);
        Value sum = ops.reduceSum(logProbabilities(logits, labels, ops), false, 0, 1);
        return ops.neg(ops.div(sum, ops.as(ops.size(labels), ElementType.FLOAT)));
    }

    /**
     * Every logit of a batch would be megabytes: each labelled token's loss, and whether it is the likeliest, are enough.
     *
     * @param logits {@code [labelled, vocab]}
     */
    static Map<String, Value> evaluated(Form form, Value logits) {
        Ops ops = form.ops().in("evaluated");
        Value labels = form.labels(MaskedLanguageModelHead.LABELS);
        Map<String, Value> evaluated = new LinkedHashMap<>();
        Value losses = ops.neg(logProbabilities(logits, labels, ops));
        evaluated.put(MaskedLanguageModelHead.LOSSES, ops.reshape(losses, labels.shape()));
        evaluated.put(MaskedLanguageModelHead.HITS, ops.cast(ops.equal(ops.argMax(logits), labels), ElementType.FLOAT));
        return evaluated;
    }

    /** {@code [labelled, 1]} */
    private static Value logProbabilities(Value logits, Value labels, Ops ops) {
        Value column = ops.reshape(labels, Shape.of(labels.shape().dim(0), 1));
        return ops.gatherElements(ops.logSoftmax(logits), column);
    }
}
