package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;

/**
 * One token of each sequence among all, its first or its last.
 *
 * @param rows the row of each sequence's token: {@code [batch]}
 * @param inverse the way back: each token's sequence {@code [tokens]}, and float 1 where it is the one, else 0 {@code
 *     [tokens, 1]}
 */
record SequenceTokens(Value rows, RowInverse inverse) {
    /** Declares them as inputs of a graph that does no index arithmetic. */
    static SequenceTokens of(Graph graph, Rows rows) {
        String which = rows == Rows.LAST ? "last" : "first";
        return new SequenceTokens(
                graph.input(which + "_tokens", ElementType.INT64, Shape.of(Packing.BATCH)),
                new RowInverse(
                        graph.input("sequence_ids", ElementType.INT64, Shape.of(Packing.TOKENS)),
                        graph.input("is_" + which, ElementType.FLOAT, Shape.of(Packing.TOKENS, 1))));
    }

    SequenceTokens as(ElementType type, Ops ops) {
        return new SequenceTokens(rows, new RowInverse(inverse.indices(), ops.as(inverse.mask(), type)));
    }
}
