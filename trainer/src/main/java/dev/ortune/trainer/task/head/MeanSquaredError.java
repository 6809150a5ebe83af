package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import java.util.stream.IntStream;

/**
 * The mean of {@code (logit - label)^2} over a batch, as PyTorch's {@code MSELoss} has it. Takes {@code labels} of
 * {@code [batch]}, float.
 */
public record MeanSquaredError() implements SequenceLoss {
    @Override
    public String problemType() {
        return "regression";
    }

    /** @param logits {@code [batch, 1]} */
    @Override
    public Value of(Value logits, Form form) {
        Ops ops = form.ops().in("loss");
        Value labels = form.targetNumbers("labels");
        Value difference = ops.sub(ops.reshape(logits, labels.shape()), labels);
        return mean(ops.mul(difference, difference), labels, ops);
    }

    /** The sum of all elements by the number of labels, a scalar. */
    static Value mean(Value x, Value labels, Ops ops) {
        int[] axes = IntStream.range(0, x.shape().rank()).toArray();
        return ops.div(ops.reduceSum(x, false, axes), ops.as(ops.size(labels), ElementType.FLOAT));
    }
}
