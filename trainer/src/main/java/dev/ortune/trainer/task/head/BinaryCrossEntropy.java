package dev.ortune.trainer.task.head;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;

/**
 * Binary cross entropy of each label on its own, as PyTorch's {@code BCEWithLogitsLoss} defines it: with logits {@code x},
 * labels {@code y} of 0 or 1 and positive weights {@code p} the mean over the batch and its labels of
 *
 * <pre>(1 - y) x + (1 + (p - 1) y) log(1 + exp(-x))</pre>
 *
 * which overflows for no {@code x}. Takes {@code labels} of {@code [batch, labels]}, float.
 *
 * @param positiveWeights how much an example with the label counts beside one without, a positive number a label; null for
 *     equal weights
 */
public record BinaryCrossEntropy(float[] positiveWeights) implements SequenceLoss {
    /** The plain mean. */
    public static final BinaryCrossEntropy PLAIN = new BinaryCrossEntropy(null);

    public BinaryCrossEntropy {
        for (float weight : positiveWeights == null ? new float[0] : positiveWeights) {
            if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new OrtuneException("positive weights must be above 0, not " + weight);
            }
        }
    }

    @Override
    public String problemType() {
        return "multi_label_classification";
    }

    @Override
    public Value of(Value logits, Form form) {
        Ops ops = form.ops().in("loss");
        int count = (int) logits.shape().dim(1).size();
        Value labels = form.targetNumbers("labels", count);
        Value absent = ops.mul(ops.sub(ops.scalar(1f), labels), logits);
        Value present = ops.softplus(ops.neg(logits));
        return MeanSquaredError.mean(ops.add(absent, weighted(present, labels, count, ops)), labels, ops);
    }

    private Value weighted(Value present, Value labels, int count, Ops ops) {
        if (positiveWeights == null) {
            return present;
        }
        if (positiveWeights.length != count) {
            throw new OrtuneException(positiveWeights.length + " positive weights for " + count + " labels");
        }
        float[] more = new float[count];
        for (int label = 0; label < count; label++) {
            more[label] = positiveWeights[label] - 1;
        }
        Value extra = ops.mul(labels, ops.constant(Constant.floats(more, count)));
        return ops.mul(ops.add(extra, ops.scalar(1f)), present);
    }
}
