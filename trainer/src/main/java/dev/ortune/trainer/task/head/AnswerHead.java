package dev.ortune.trainer.task.head;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Head;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Rows;
import java.util.List;
import java.util.Map;

/**
 * An answer as a part of the text: gives {@code start_logits} and {@code end_logits}, {@code [tokens]} each, or {@code [batch,
 * sequence]} in the plain form; takes {@code start_positions} and {@code end_positions}, {@code [batch]}: the places of the
 * answer's first and last token in their sequence.
 */
public record AnswerHead() implements Head {
    /** How much speaks for each token as an answer's first. */
    public static final String START_LOGITS = "start_logits";

    /** How much speaks for each token as an answer's last. */
    public static final String END_LOGITS = "end_logits";

    /** Place of the answer's first token. */
    public static final String START_POSITIONS = "start_positions";

    /** Place of the answer's last token. */
    public static final String END_POSITIONS = "end_positions";

    private static final String BOTH = "logits";

    @Override
    public String className() {
        return "ForQuestionAnswering";
    }

    @Override
    public String lastLayer(Architecture architecture) {
        return architecture.questionAnswerer();
    }

    @Override
    public Rows rows() {
        return Rows.ALL;
    }

    @Override
    public List<String> outputNames() {
        return List.of(START_LOGITS, END_LOGITS);
    }

    @Override
    public Map<String, Value> outputs(Architecture architecture, Form form, Value hidden) {
        Value both = architecture.questionAnswering(form, hidden);
        return Map.of(BOTH, both, START_LOGITS, column(both, 0, form.ops()), END_LOGITS, column(both, 1, form.ops()));
    }

    private static Value column(Value both, long column, Ops ops) {
        return ops.gather(
                both, ops.constant(Constant.scalar(column)), both.shape().rank() - 1);
    }

    /**
     * The mean of two cross entropies, for first and last token, each over a sequence's own tokens: padding takes no part.
     * A place beyond the sequence counts for nothing, as in transformers' {@code …ForQuestionAnswering}.
     */
    @Override
    public Value loss(Form form, Map<String, Value> outputs) {
        Ops ops = form.ops().in("loss");
        Value scores = form.bySequence(outputs.get(BOTH));
        Dim sequence = scores.shape().dim(2);
        Value length = ops.gather(ops.shape(scores), ops.vector(2), 0);
        Value places =
                ops.concat(1, new Dim(null, 2), column(form, START_POSITIONS, ops), column(form, END_POSITIONS, ops));
        Value wanted = ops.oneHot(ops.max(places, ops.vector(0)), length, sequence);
        Value counts = ops.max(ops.reduceSum(wanted, true, 0, 2), ops.scalar(1f));
        Value products = ops.mul(ops.logSoftmax(scores), ops.div(wanted, counts));
        return ops.mul(ops.reduceSum(products, false, 0, 1, 2), ops.scalar(-0.5f));
    }

    private static Value column(Form form, String name, Ops ops) {
        Value places = form.sequenceTarget(name);
        return ops.reshape(places, Shape.of(places.shape().dim(0), 1));
    }
}
