package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.PlainForm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A decoder in a graph by itself that writes token after token, with Optimum's names of inputs and outputs: {@code input_ids}
 * int64 {@code [batch, decoder_sequence]}, {@code encoder_attention_mask} int64 {@code [batch, sequence]}, {@code
 * encoder_hidden_states} {@code [batch, sequence, width]}, and {@code past_key_values.N.decoder.key}, {@code .value}, {@code
 * past_key_values.N.encoder.key}, {@code .value}, {@code [batch, heads, places before, head size]}; gives {@code logits} {@code
 * [batch, decoder_sequence, vocab]} and the same keys and values as {@code present.N.…}. Which of them there are its {@link Kind}
 * says.
 */
public final class DecoderGraph implements Kept {
    private static final Dim BATCH = new Dim("batch", -1);
    private static final Dim SEQUENCE = new Dim("sequence", -1);
    private static final Dim BEFORE = new Dim("past_decoder_sequence", -1);
    private static final Dim ALL = new Dim("all_decoder_sequence", -1);
    private static final Dim KNOWN = new Dim("past_sequence", -1);

    /** What a graph takes and gives. */
    public enum Kind {
        /** Begins a text: takes the encoder's states, gives keys and values of both. */
        FIRST("decoder"),
        /** Goes on with one: takes keys and values of both, gives those of the decoder, which grow. */
        NEXT("decoder_with_past"),
        /**
         * Does either: takes all, gives all. Where there are keys and values of the encoder already, its states are cut to none, so
         * that nothing is computed twice.
         */
        EITHER("decoder_merged");

        private final String graphName;

        Kind(String graphName) {
            this.graphName = graphName;
        }

        /** What the graph and its file are called. */
        public String graphName() {
            return graphName;
        }
    }

    private final Graph graph;
    private final Kind kind;
    private final PlainForm form;
    private final int heads;
    private final int headSize;
    private final Value memory;
    private final Map<String, Value> presents = new LinkedHashMap<>();
    private Value before;

    /**
     * Declares what all kinds take.
     *
     * @param width of the encoder's states
     */
    public DecoderGraph(Kind kind, int heads, int headSize, int width) {
        this.graph = new Graph(kind.graphName());
        this.kind = kind;
        this.form = PlainForm.ofDecoder(graph);
        this.heads = heads;
        this.headSize = headSize;
        this.memory = kind == Kind.NEXT
                ? null
                : graph.input("encoder_hidden_states", ElementType.FLOAT, Shape.of(BATCH, SEQUENCE, width));
    }

    /** Writes the decoder into it. */
    public PlainForm form() {
        return form;
    }

    /** The encoder's states, or null where its keys and values are known. */
    Value memory() {
        return memory;
    }

    /** How many places come before these: int64 {@code [1]}. */
    Value before(int layers) {
        if (kind == Kind.FIRST) {
            return form.ops().vector(0);
        }
        if (before == null) {
            for (int layer = 0; layer < layers; layer++) {
                declare("decoder", layer, BEFORE);
                declare("encoder", layer, kind == Kind.NEXT ? SEQUENCE : KNOWN);
            }
            before = places(form.ops().in("past"), past("decoder", 0, "key"));
        }
        return before;
    }

    /** What the axis of all places is called, those before included. */
    Dim all(DecoderRows rows) {
        return kind == Kind.FIRST ? rows.places() : ALL;
    }

    private void declare(String of, int layer, Dim places) {
        for (String what : new String[] {"key", "value"}) {
            graph.input(
                    "past_key_values." + name(of, layer, what),
                    ElementType.FLOAT,
                    Shape.of(BATCH, heads, places, headSize));
        }
    }

    private Value past(String of, int layer, String what) {
        return graph.inputs().get("past_key_values." + name(of, layer, what));
    }

    private static String name(String of, int layer, String what) {
        return layer + "." + of + "." + what;
    }

    private static Value places(Ops ops, Value keys) {
        return ops.gather(ops.shape(keys), ops.vector(2), 0);
    }

    @Override
    public Pair ofDecoder(int layer, Pair made) {
        Ops ops = form.ops().in("past");
        Pair all = kind == Kind.FIRST
                ? made
                : new Pair(
                        ops.concat(2, ALL, past("decoder", layer, "key"), made.keys()),
                        ops.concat(2, ALL, past("decoder", layer, "value"), made.values()));
        return given("decoder", layer, all);
    }

    @Override
    public Pair ofEncoder(int layer, Value states, Function<Value, Pair> make) {
        if (kind == Kind.NEXT) {
            return new Pair(past("encoder", layer, "key"), past("encoder", layer, "value"));
        }
        if (kind == Kind.FIRST) {
            return given("encoder", layer, make.apply(states));
        }
        Ops ops = form.ops().in("past");
        Value keys = past("encoder", layer, "key");
        Value known = places(ops, keys);
        Value length = ops.gather(ops.shape(states), ops.vector(1), 0);
        Value unknown = ops.slice(states, ops.vector(0), ops.sub(length, known), 1, new Dim("new_sequence", -1));
        Pair made = make.apply(unknown);
        return given(
                "encoder",
                layer,
                new Pair(
                        ops.concat(2, SEQUENCE, keys, made.keys()),
                        ops.concat(2, SEQUENCE, past("encoder", layer, "value"), made.values())));
    }

    private Pair given(String of, int layer, Pair pair) {
        presents.put("present." + name(of, layer, "key"), pair.keys());
        presents.put("present." + name(of, layer, "value"), pair.values());
        return pair;
    }

    /** The graph with its outputs. */
    Graph with(Value logits) {
        graph.output(logits, "logits");
        presents.forEach((name, value) -> graph.output(value, name));
        return graph;
    }
}
