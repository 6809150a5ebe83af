package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;

/**
 * Among all tokens those that a loss looks at: the ones with a label of 0 or more.
 *
 * @param rows of each of them the row: {@code [labelled]}
 * @param inverse the way back: each token's place among them, any for others {@code [tokens]}, and float 1 where it is one of
 *     them, else 0 {@code [tokens, 1]}
 * @param labels theirs: int64 {@code [labelled]}
 */
public record LabelledTokens(Value rows, RowInverse inverse, Value labels) {
    private static final Dim LABELLED = new Dim("labelled", -1);

    /** Adds the index arithmetic for a label a token, int64 {@code [tokens]}. */
    public static LabelledTokens of(Value all, Ops ops) {
        Value isLabelled = ops.cast(ops.lessOrEqual(ops.vector(0), all), ElementType.INT64);
        Value rows = ops.reshape(ops.nonZero(isLabelled, LABELLED.symbol()), Shape.of(LABELLED));
        Value places = ops.mul(ops.sub(ops.cumSum(isLabelled, 0), ops.vector(1)), isLabelled);
        Value mask = ops.reshape(
                ops.cast(isLabelled, ElementType.FLOAT), Shape.of(all.shape().dim(0), 1));
        return new LabelledTokens(rows, new RowInverse(places, mask), ops.gather(all, rows, 0));
    }

    /** Declares them as inputs of a graph that does no index arithmetic. */
    static LabelledTokens of(Graph graph) {
        return new LabelledTokens(
                graph.input("labelled_tokens", ElementType.INT64, Shape.of(LABELLED)),
                new RowInverse(
                        graph.input("labelled_places", ElementType.INT64, Shape.of(Packing.TOKENS)),
                        graph.input("is_labelled", ElementType.FLOAT, Shape.of(Packing.TOKENS, 1))),
                graph.input("labelled_targets", ElementType.INT64, Shape.of(LABELLED)));
    }
}
