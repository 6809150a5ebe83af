package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.T5Config;
import dev.ortune.trainer.model.form.Attention;
import dev.ortune.trainer.model.form.Form;
import dev.ortune.trainer.model.form.Projections;
import dev.ortune.trainer.model.form.Scores;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The layers of T5's encoder and decoder (Raffel et al. 2020, arXiv:1910.10683): norms before what they are for, no biases,
 * dot products as they are, and a number a head that is added to them by distance.
 *
 * @param form in the scope of the stack, {@code encoder} or {@code decoder}
 */
public record T5Stack(Form form, T5Config config) {
    private static final String FIRST_ATTENTION = "block.0.layer.0.SelfAttention";

    /**
     * The encoder.
     *
     * @param embedded rows of all tokens in the layers' type
     * @return as many rows
     */
    public Value encoded(Value embedded) {
        T5Config.Size size = config.size();
        Form first = form.in(FIRST_ATTENTION);
        Distances distances = Distances.of(first);
        RelativeBuckets buckets = size.buckets().apart(true);
        Value numbers =
                distances.numbers(buckets::of, buckets.farthest(), first.ops().in("distances"));
        Scores scores = new RelativeBias(first, table(), distances, numbers, Scores.UNSCALED);
        Projections projections =
                new Projections(List.of("SelfAttention.q", "SelfAttention.k", "SelfAttention.v"), false);
        Attention attention = new Attention(projections, size.heads(), size.head(), config.dropout(), scores);
        Value hidden = form.dropout(embedded, config.dropout());
        for (int i = 0; i < size.layers(); i++) {
            Form block = form.in("block." + i);
            Form layer = block.in("layer.0");
            Value normed = norm(layer, "layer_norm", hidden);
            Value context = layer.attention(attention, normed, normed);
            hidden = residual(layer, "SelfAttention.o", context, hidden);
            hidden = feedForward(block.in("layer.1"), hidden);
        }
        return form.dropout(norm(form, "final_layer_norm", hidden), config.dropout());
    }

    /**
     * The decoder.
     *
     * @param embedded its rows in the layers' type
     * @param rows which they are
     * @param seen added to the scores of its own places: {@link #causal} or the like, {@code [heads, places, places]}
     * @param memory what {@link #encoded} gave, the rows of the form's tokens
     * @param wanted of each sequence the place that is asked for, int64 {@code [batch]}; null for all
     * @return as many rows, or one a sequence where places are wanted
     */
    public Value decoded(Value embedded, DecoderRows rows, Value seen, Value memory, Value wanted) {
        return decoded(embedded, rows, seen, memory, wanted, Kept.NOTHING);
    }

    /** Likewise, with keys and values that are kept. */
    Value decoded(Value embedded, DecoderRows rows, Value seen, Value memory, Value wanted, Kept kept) {
        Value hidden = form.dropout(embedded, config.dropout());
        DecoderRows asking = rows;
        for (int i = 0; i < config.size().decoderLayers(); i++) {
            Form block = form.in("block." + i);
            int layer = i;
            hidden = selfAttended(block.in("layer.0"), hidden, rows, seen, made -> kept.ofDecoder(layer, made));
            if (wanted != null && i == config.size().decoderLayers() - 1) {
                hidden = rows.picked(block, hidden, wanted);
                asking = rows.ofOne(block.ops());
            }
            hidden = crossAttended(block.in("layer.1"), hidden, asking, make -> kept.ofEncoder(layer, memory, make));
            hidden = feedForward(block.in("layer.2"), hidden);
        }
        return form.dropout(norm(form, "final_layer_norm", hidden), config.dropout());
    }

    /**
     * What each place of the decoder sees: itself and those before it, by their distance.
     *
     * @return {@code [heads, places, places]}
     */
    public Value causal(DecoderRows rows) {
        Form first = form.in(FIRST_ATTENTION);
        Distances distances = Distances.of(first, rows.length(), rows.places());
        return RelativeBias.causal(
                first, table(), distances, config.size().buckets().apart(false));
    }

    /**
     * What places see that follow others: themselves, those before them, and these others.
     *
     * @param before how many others, int64 {@code [1]}
     * @param all what the axis of all places is called
     * @return {@code [heads, places, all places]}
     */
    Value following(DecoderRows rows, Value before, Shape.Dim all) {
        Form first = form.in(FIRST_ATTENTION);
        Ops ops = first.ops().in("following");
        RelativeBuckets buckets = config.size().buckets().apart(false);
        Value count = ops.add(before, rows.length());
        Value keys = ops.range(ops.reshape(count, Shape.of()), all);
        Value places = ops.add(ops.range(ops.reshape(rows.length(), Shape.of()), rows.places()), before);
        Value distance = ops.sub(ops.reshape(places, Shape.of(rows.places(), 1)), keys);
        // One number for all keys behind the query, and one from the farthest distance on.
        Value near = ops.min(ops.max(distance, ops.vector(-1)), ops.vector(buckets.farthest()));
        long[] numbers = new long[buckets.farthest() + 2];
        float[] apart = new float[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = buckets.of(i - 1);
            apart[i] = i == 0 ? form.masked() : 0;
        }
        Value index = ops.add(near, ops.vector(1));
        Value bucket = ops.gather(ops.constant(Constant.vector(numbers)), index, 0);
        Value bias =
                first.lookup(RelativeBias.TABLE, table().rows(), config.size().heads(), bucket);
        Value behind = ops.gather(ops.constant(Constant.floats(apart, apart.length)), index, 0);
        return ops.add(ops.transpose(bias, 2, 0, 1), behind);
    }

    private RelativeBias.Table table() {
        return new RelativeBias.Table(
                config.size().buckets().count(), config.size().heads());
    }

    private Value selfAttended(
            Form layer, Value hidden, DecoderRows rows, Value seen, UnaryOperator<Kept.Pair> keeping) {
        Value normed = norm(layer, "layer_norm", hidden);
        Form at = layer.in("SelfAttention");
        Value query = byHead(at, "q", normed, rows);
        Kept.Pair made = new Kept.Pair(byHead(at, "k", normed, rows), byHead(at, "v", normed, rows));
        return residual(layer, "SelfAttention.o", context(at, query, keeping.apply(made), seen, rows), hidden);
    }

    private Value crossAttended(
            Form layer, Value hidden, DecoderRows rows, Function<Function<Value, Kept.Pair>, Kept.Pair> keeping) {
        T5Config.Size size = config.size();
        Value normed = norm(layer, "layer_norm", hidden);
        Form at = layer.in("EncDecAttention");
        Value query = byHead(at, "q", normed, rows);
        Kept.Pair known = keeping.apply(memory -> new Kept.Pair(
                at.byHead(at.product("k", memory, width()), size.heads(), size.head()),
                at.byHead(at.product("v", memory, width()), size.heads(), size.head())));
        return residual(layer, "EncDecAttention.o", context(at, query, known, at.keyBias(), rows), hidden);
    }

    private Value byHead(Form at, String name, Value x, DecoderRows rows) {
        return rows.byHead(
                at.ops(),
                at.product(name, x, width()),
                config.size().heads(),
                config.size().head());
    }

    private Value context(Form at, Value query, Kept.Pair known, Value bias, DecoderRows rows) {
        Ops ops = at.ops();
        Value scores = ops.add(at.products(query, known.keys()), bias);
        Value probabilities = at.dropout(ops.softmax(scores), config.dropout());
        return rows.inRows(ops, ops.matMul(probabilities, known.values()));
    }

    private long width() {
        return (long) config.size().heads() * config.size().head();
    }

    private Value feedForward(Form layer, Value hidden) {
        Value normed = norm(layer, "layer_norm", hidden);
        Form dense = layer.in("DenseReluDense");
        int inner = config.size().inner();
        Value activated;
        if (config.gated()) {
            Value gate = dense.activation(dense.product("wi_0", normed, inner), config.feedForward());
            activated = dense.ops().mul(gate, dense.product("wi_1", normed, inner));
        } else {
            activated = dense.activation(dense.product("wi", normed, inner), config.feedForward());
        }
        return residual(layer, "DenseReluDense.wo", dense.dropout(activated, config.dropout()), hidden);
    }

    private Value norm(Form layer, String name, Value x) {
        return layer.rmsNorm(name, x, config.epsilon());
    }

    private Value residual(Form layer, String name, Value x, Value hidden) {
        Value projected = layer.product(name, x, config.size().model());
        return layer.ops().add(layer.dropout(projected, config.dropout()), hidden);
    }

    /**
     * The decoder by itself.
     *
     * @param graph what is written
     * @param embed ids to rows
     * @param vocabulary rows of states to rows of logits
     */
    public Graph alone(DecoderGraph graph, UnaryOperator<Value> embed, UnaryOperator<Value> vocabulary) {
        Ops ops = form.ops();
        Value ids = form.paddedIds();
        DecoderRows rows = DecoderRows.of(ops, ids);
        Value before = graph.before(config.size().decoderLayers());
        Value seen = following(rows, before, graph.all(rows));
        Value embedded = embed.apply(rows.inOneRow(ops, ids));
        Value states = decoded(embedded, rows, seen, graph.memory(), null, graph);
        Value logits = vocabulary.apply(states);
        Value sizes = ops.concat(0, new Shape.Dim(null, 3), rows.batch(), rows.length(), ops.vector(-1));
        return graph.with(ops.reshape(
                logits,
                sizes,
                Shape.of(ids.shape().dim(0), rows.places(), logits.shape().dim(1))));
    }

    /**
     * What each place of several words sees, of which all are decoded side by side: itself and those before it in its word.
     *
     * @return {@code [heads, places, places]}
     */
    public Value apart(Written.Words words) {
        int[] word = new int[words.places()];
        int[] place = new int[word.length];
        int next = 0;
        for (int i = 0; i < words.words().size(); i++) {
            for (int j = 0; j < words.words().get(i).size(); j++) {
                word[next] = i;
                place[next++] = j;
            }
        }
        RelativeBuckets buckets = config.size().buckets().apart(false);
        long[] rows = new long[word.length * word.length];
        float[] apart = new float[rows.length];
        for (int query = 0; query < word.length; query++) {
            for (int key = 0; key < word.length; key++) {
                int distance = place[query] - place[key];
                rows[query * word.length + key] = buckets.of(distance);
                apart[query * word.length + key] = word[query] == word[key] && distance >= 0 ? 0 : form.masked();
            }
        }
        Form first = form.in(FIRST_ATTENTION);
        Ops ops = first.ops().in("words");
        int heads = config.size().heads();
        Value picked = first.lookup(RelativeBias.TABLE, table().rows(), heads, ops.constant(Constant.vector(rows)));
        Value byPlace = ops.reshape(ops.transpose(picked, 1, 0), Shape.of(heads, word.length, word.length));
        return ops.add(first.toLayers(byPlace), ops.constant(Constant.floats(apart, word.length, word.length)));
    }

    /**
     * Ids one place later, 0 in the first.
     *
     * @param ids int64 {@code [batch, places]}
     */
    public static Value oneLater(Ops ops, Value ids) {
        Shape.Dim places = ids.shape().dim(1);
        Value first = ops.slice(ids, ops.vector(0), ops.vector(1), 1, new Shape.Dim(null, 1));
        Value others = ops.slice(ids, ops.vector(0), ops.vector(-1), 1, new Shape.Dim("places_before_the_last", -1));
        return ops.concat(1, places, ops.sub(first, first), others);
    }

    /** Those of several words side by side, the same for each text: int64 {@code [batch, places]}. */
    public Value oneLater(Written.Words words) {
        long[] ids = new long[words.places()];
        int next = 0;
        for (List<Integer> word : words.words()) {
            for (int i = 0; i < word.size(); i++) {
                ids[next++] = i == 0 ? 0 : word.get(i - 1);
            }
        }
        Ops ops = form.ops().in("words");
        Value batch = ops.gather(ops.shape(form.paddedIds()), ops.vector(0), 0);
        Value sizes = ops.concat(0, new Shape.Dim(null, 2), batch, ops.vector(1));
        Value row = ops.reshape(ops.constant(Constant.vector(ids)), Shape.of(1, ids.length));
        return ops.expand(row, sizes, Shape.of("batch", ids.length));
    }
}
