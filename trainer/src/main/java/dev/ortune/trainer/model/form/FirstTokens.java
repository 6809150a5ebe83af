package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;

/**
 * First tokens among all.
 *
 * @param rows the row of each sequence's first token: {@code [batch]}
 * @param inverse the way back: each token's sequence {@code [tokens]}, and float 1 where it is the first, else 0 {@code
 *     [tokens, 1]}
 */
record FirstTokens(Value rows, RowInverse inverse) {
    static FirstTokens of(Graph graph) {
        return new FirstTokens(
                graph.input("first_tokens", ElementType.INT64, Shape.of(Packing.BATCH)),
                new RowInverse(
                        graph.input("sequence_ids", ElementType.INT64, Shape.of(Packing.TOKENS)),
                        graph.input("is_first", ElementType.FLOAT, Shape.of(Packing.TOKENS, 1))));
    }

    FirstTokens as(ElementType type, Ops ops) {
        return new FirstTokens(rows, new RowInverse(inverse.indices(), ops.as(inverse.mask(), type)));
    }
}
