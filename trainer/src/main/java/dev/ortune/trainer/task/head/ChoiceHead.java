package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Rows;
import java.util.Map;

/**
 * One of several texts: gives {@code logits} {@code [sequences, 1]}, or {@code [batch, choices]} in the plain form; takes
 * {@code labels}, 1 for the sequences that are right and 0 for others, and {@code example_ids}, the same number for all
 * choices of an example: {@code [sequences]} both. An example's choices must be in one batch; how many there are may differ.
 */
public record ChoiceHead() implements Head {
    /** Which sequences are right. */
    public static final String LABELS = "labels";

    /** Which sequences are of one example. */
    public static final String EXAMPLE_IDS = "example_ids";

    private static final String LOGITS = "logits";

    /** Far below any logit, yet not infinite: times 0 it is 0. */
    private static final float APART = -1e30f;

    @Override
    public String className() {
        return "ForMultipleChoice";
    }

    @Override
    public String lastLayer(Architecture architecture) {
        return "classifier";
    }

    @Override
    public Rows rows() {
        return Rows.FIRST;
    }

    @Override
    public boolean ofChoices() {
        return true;
    }

    @Override
    public Map<String, Value> outputs(Architecture architecture, Form form, Value hidden) {
        return Map.of(LOGITS, form.choices(architecture.multipleChoice(form, hidden)));
    }

    /**
     * The mean over the examples of the cross entropy over each one's choices. Every sequence is set beside all of the batch,
     * those of other examples far below, so that a row's softmax is its example's; of these rows the right ones count.
     */
    @Override
    public Value loss(Form form, Map<String, Value> outputs) {
        Ops ops = form.ops().in("loss");
        Value right = ops.cast(form.target(LABELS), ElementType.FLOAT);
        Value examples = form.target(EXAMPLE_IDS);
        Value together = ops.cast(ops.equal(column(examples, ops), examples), ElementType.FLOAT);
        Value apart = ops.mul(ops.sub(ops.scalar(1f), together), ops.scalar(APART));
        Value scores = ops.add(ops.reshape(outputs.get(LOGITS), right.shape()), apart);
        Value wanted = ops.mul(together, ops.mul(column(right, ops), right));
        Value total = ops.reduceSum(ops.mul(ops.logSoftmax(scores), wanted), false, 0, 1);
        Value count = ops.max(ops.reduceSum(right, false, 0), ops.scalar(1f));
        return ops.neg(ops.div(total, count));
    }

    private static Value column(Value x, Ops ops) {
        return ops.reshape(x, Shape.of(x.shape().dim(0), 1));
    }
}
