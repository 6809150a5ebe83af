package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys and values of tokens that a graph has seen before, layer by layer in the order in which these ask for them. */
final class Past {
    /** All tokens, those before included. */
    static final Dim ALL = new Dim("past_and_sequence", -1);

    private static final Dim BATCH = new Dim("batch", -1);

    private final Value positions;
    private final List<Pair> before = new ArrayList<>();
    private final Map<String, Value> presents = new LinkedHashMap<>();
    private int layer;

    private Past(Value positions) {
        this.positions = positions;
    }

    /**
     * Of one layer.
     *
     * @param keys {@code [batch, heads, tokens, head size]}
     * @param values likewise
     */
    record Pair(Value keys, Value values) {}

    /** Declares the inputs. */
    static Past of(Graph graph, Geometry geometry, int layers) {
        Past past = new Past(graph.input("position_ids", ElementType.INT64, Shape.of("batch", "sequence")));
        Shape shape = Shape.of(BATCH, geometry.keyHeads(), new Dim("past", -1), geometry.headSize());
        for (int i = 0; i < layers; i++) {
            String name = "past_key_values." + i + ".";
            past.before.add(new Pair(
                    graph.input(name + "key", ElementType.FLOAT, shape),
                    graph.input(name + "value", ElementType.FLOAT, shape)));
        }
        return past;
    }

    /** The place of each new token, int64 {@code [batch, sequence]}. */
    Value positions() {
        return positions;
    }

    /** Of the next layer the keys and values of all tokens, which the graph also gives. */
    Pair all(Ops ops, Pair added) {
        Pair old = before.get(layer);
        Pair all = new Pair(
                ops.concat(2, ALL, old.keys(), added.keys()), ops.concat(2, ALL, old.values(), added.values()));
        presents.put("present." + layer + ".key", all.keys());
        presents.put("present." + layer + ".value", all.values());
        layer++;
        return all;
    }

    /** What the graph gives of them, by name. */
    Map<String, Value> presents() {
        return presents;
    }
}
