package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What all layers of a graph use and one of them makes. */
final class SharedParts {
    private final Ops ops;
    private final Map<Integer, Windows> windows = new HashMap<>();
    private final Map<Rotary, List<Value>> angles = new HashMap<>();
    private final Map<String, LabelledTokens> labelled = new HashMap<>();
    private Value ownRow;
    private Value sequenceRows;
    private Value laterBias;

    SharedParts(Ops ops) {
        this.ops = ops;
    }

    /** Operators under no layer's name. */
    Ops ops() {
        return ops;
    }

    /** By how far they reach. */
    Map<Integer, Windows> windows() {
        return windows;
    }

    /** Cosine and sine. */
    Map<Rotary, List<Value>> angles() {
        return angles;
    }

    /** By the target that labels them. */
    Map<String, LabelledTokens> labelled() {
        return labelled;
    }

    /** The token at each place of {@code [batch, sequence]}, any at padding: an input of a graph that does no index arithmetic. */
    Value sequenceRows(Graph graph) {
        if (sequenceRows == null) {
            sequenceRows = graph.input("sequence_rows", ElementType.INT64, Shape.of(Packing.BATCH, Packing.SEQUENCE));
        }
        return sequenceRows;
    }

    /** What is added to the scores of causal attention; made once. */
    Value laterBias(Function<Ops, Value> maker) {
        if (laterBias == null) {
            laterBias = maker.apply(ops.in("causal"));
        }
        return laterBias;
    }

    /** The number of each token's own row: {@code [tokens, 1]}. */
    Value ownRow(Value positions) {
        if (ownRow == null) {
            Ops scoped = ops.in("rotary");
            Value count = scoped.reshape(scoped.shape(positions), Shape.of());
            Value rows = scoped.range(count, positions.shape().dim(0));
            ownRow = scoped.reshape(rows, Shape.of(positions.shape().dim(0), 1));
        }
        return ownRow;
    }
}
