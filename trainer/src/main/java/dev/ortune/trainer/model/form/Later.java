package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;

/** Which keys come after a query: those that causal attention does not see. */
final class Later {
    private static final Dim SEQUENCE = new Dim("sequence", -1);

    private Later() {}

    /**
     * What is added to scores: 0 for keys up to the query's own place, {@code masked} for those after it.
     *
     * @param length places of a sequence, int64 {@code [1]}
     * @return float {@code [sequence, sequence]}
     */
    static Value bias(Ops ops, Value length, Dim sequence, float masked) {
        Value places = ops.range(ops.reshape(length, Shape.of()), sequence);
        return bias(ops, places, places, masked);
    }

    /**
     * The same where those that ask are the last of all places.
     *
     * @param length places that ask, int64 {@code [1]}
     * @param all places that are asked, int64 {@code [1]}
     * @return float {@code [sequence, all]}
     */
    static Value ofLast(Ops ops, Value length, Value all, float masked) {
        Value keys = ops.range(ops.reshape(all, Shape.of()), Past.ALL);
        Value queries = ops.range(ops.reshape(length, Shape.of()), SEQUENCE);
        return bias(ops, ops.add(queries, ops.sub(all, length)), keys, masked);
    }

    private static Value bias(Ops ops, Value queries, Value keys, float masked) {
        Value column = ops.reshape(queries, Shape.of(queries.shape().dim(0), 1));
        Value isLater = ops.not(ops.lessOrEqual(keys, column));
        return ops.mul(ops.cast(isLater, ElementType.FLOAT), ops.scalar(masked));
    }
}
