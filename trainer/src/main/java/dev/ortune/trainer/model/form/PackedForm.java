package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Activation;
import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.LowRankUpdate;
import dev.ortune.trainer.model.Role;
import java.util.List;

/**
 * The form in which ONNX Runtime trains on a CPU: the same numbers as {@link PlainForm}'s from less work. Padding is left
 * out of everything but attention ({@link Packing}), so rows are {@code [tokens, width]}; where a head reads first or last
 * tokens alone, the last layer computes its query, output and feed-forward block for them only. Padding may stand only at the end
 * of sequences.
 */
public final class PackedForm extends Form {
    private final Graph graph;
    private final ModelInputs inputs;
    private final Adaptation adaptation;
    private final Parameters parameters;
    private final Packing packing;
    private final Rows rows;
    private final boolean training;
    private final SharedParts shared;

    /**
     * Declares the inputs.
     *
     * @param rows which a head reads
     * @param training whether dropout is on
     * @param adaptation which weights are trained, and what beside them
     */
    public PackedForm(Graph graph, Geometry geometry, Rows rows, boolean training, Adaptation adaptation) {
        super(Place.root(new Ops(graph)));
        this.adaptation = adaptation;
        this.graph = graph;
        this.inputs = ModelInputs.of(graph, geometry.tokenTypes());
        this.parameters = new Parameters(graph, adaptation);
        this.packing = Packing.of(inputs.attentionMask(), geometry.heads(), rows, ops().in("packing"));
        this.rows = rows;
        this.training = training;
        this.shared = new SharedParts(ops());
    }

    private PackedForm(PackedForm parent, Place place) {
        super(place);
        this.graph = parent.graph;
        this.inputs = parent.inputs;
        this.adaptation = parent.adaptation;
        this.parameters = parent.parameters;
        this.packing = parent.packing;
        this.rows = parent.rows;
        this.training = parent.training;
        this.shared = parent.shared;
    }

    @Override
    Form at(Place other) {
        return new PackedForm(this, other);
    }

    /** The weights that were used, in the order of the forward pass. */
    public List<SessionWeight> weights() {
        return parameters.weights();
    }

    @Override
    public Use use() {
        return training ? Use.TRAINING : Use.EVALUATION;
    }

    @Override
    public Value inputIds() {
        return packed(inputs.inputIds());
    }

    @Override
    public Value paddedIds() {
        return inputs.inputIds();
    }

    @Override
    public Value lengths() {
        return ops().in("lengths").reduceSum(inputs.attentionMask(), false, 1);
    }

    @Override
    public Value keyBias() {
        return packing.keyBias();
    }

    @Override
    public float masked() {
        return Packing.MASKED;
    }

    @Override
    public Value byHead(Value rows, int heads, int headSize) {
        Value each = ops().reshape(rows, Shape.of(Packing.TOKEN_HEADS, headSize));
        return ops().gatherRows(each, packing.toHeads(), new RowInverse(packing.fromHeads(), null));
    }

    @Override
    public Value tokenTypeIds() {
        return packed(inputs.tokenTypeIds());
    }

    private Value packed(Value padded) {
        return ops().gather(ops().reshape(padded, Shape.of("slots")), packing.slots(), 0);
    }

    @Override
    public Value lookup(String table, long tableRows, long width, Value ids) {
        return ops(table).gather(weight(table + ".weight", Role.TABLE, tableRows, width), ids, 0);
    }

    @Override
    public Value positions(String table, long tableRows, long width) {
        return lookup(table, tableRows, width, packing.positions());
    }

    @Override
    public Value positionsAfterPadding(String table, long tableRows, long width, int padId) {
        return lookup(table, tableRows, width, ops(table).add(packing.positions(), ops().vector(padId + 1L)));
    }

    @Override
    public Value linear(String name, Value x, long out) {
        Value weight = matrix(name, x, out);
        Value bias = weight(name + ".bias", Role.BIAS, out);
        return updated(name, x, ops(name).gemm(x, weight, bias, false, !hasInputsFirst()));
    }

    @Override
    public Value product(String name, Value x, long out) {
        return updated(name, x, ops(name).gemm(x, matrix(name, x, out), null, false, !hasInputsFirst()));
    }

    @Override
    LowRankUpdate update(String name) {
        return adaptation.update(prefix() + name).orElse(null);
    }

    @Override
    public Value tied(String table, String bias, Value x, long tableRows) {
        Value weight = weight(table, Role.TABLE, tableRows, x.shape().dim(-1).size());
        return ops("decoder").gemm(x, weight, bias == null ? null : weight(bias, Role.BIAS, tableRows), false, true);
    }

    @Override
    public Value linear(String name, Value x, long out, Activation activation) {
        return activation(linear(name, x, out), activation);
    }

    @Override
    public Value activation(Value x, Activation activation) {
        return switch (activation) {
            case GELU -> ops().microsoft().gelu(x);
            case GELU_NEW -> ops().microsoft().fastGelu(x);
            case RELU -> ops().relu(x);
            case TANH -> ops().tanh(x);
            case SILU -> ops().mul(x, ops().sigmoid(x));
        };
    }

    @Override
    public Value convolution(String name, Value x, long out, int kernel) {
        Value weight =
                weight(name + ".weight", Role.MATRIX, out, x.shape().dim(-1).size(), kernel);
        Value bias = weight(name + ".bias", Role.BIAS, out);
        return new Convolution(ops(name), packing.positions(), kernel).of(x, weight, bias);
    }

    @Override
    public Value residual(String name, Value x, double dropout, Value residual) {
        Value projected = linear(name, x, residual.shape().dim(-1).size());
        return ops().add(dropout(projected, dropout), residual);
    }

    @Override
    public Value dropout(Value x, double ratio) {
        return training && ratio > 0 ? ops().dropout(x, (float) ratio) : x;
    }

    /** Head by head in the padded form. */
    @Override
    public Value attention(Attention attention, Value queries, Value hidden) {
        boolean narrowed = !queries.equals(hidden);
        PackedForm at = (PackedForm) in(attention.module());
        List<Value> rows = projections(attention, queries, hidden);
        Value queryRows = narrowed ? at.turnedSingle(attention, rows.get(0)) : at.turned(attention, rows.get(0));
        Value keyRows = at.repeated(attention, at.turned(attention, rows.get(1)));
        Value valueRows = at.repeated(attention, rows.get(2));
        return attention.reach().window() > 0 && !narrowed
                ? at.windowed(attention, this, queryRows, keyRows, valueRows)
                : at.attended(attention, this, narrowed, queryRows, keyRows, valueRows);
    }

    /** Of queries, keys and values: {@code [rows, width]}. */
    private List<Value> projections(Attention attention, Value queries, Value hidden) {
        if (!attention.projections().areOne()) {
            return List.of(
                    projection(attention, Projection.QUERY, queries),
                    projection(attention, Projection.KEY, hidden),
                    projection(attention, Projection.VALUE, hidden));
        }
        String name = attention.projections().first();
        Value all = linear(
                name, hidden, 3L * attention.width(), attention.projections().bias());
        List<Value> parts = ops(name).split(all, 3, 1).outputs();
        Value asking = queries.equals(hidden) ? parts.get(0) : wanted(parts.get(0));
        return List.of(asking, parts.get(1), parts.get(2));
    }

    private Value attended(
            Attention attention, Form layer, boolean narrowed, Value queryRows, Value keyRows, Value valueRows) {
        Ops ops = ops();
        Value query = narrowed ? singleTokenHeads(attention, ops, queryRows) : heads(attention, ops, queryRows);
        Value key = heads(attention, ops, keyRows);
        Value value = heads(attention, ops, valueRows);
        Value scores = attention.scores().of(heads(attention, layer, narrowed, query, key));
        Value bias =
                attention.reach().window() > 0 ? nearFirst(attention.reach().window()) : keyBias(attention, narrowed);
        Value probabilities = dropout(ops.softmax(ops.add(scores, bias)), attention.dropout());
        Value context = ops.matMul(probabilities, value);
        return narrowed
                ? ops.reshape(context, Shape.of(Packing.BATCH, attention.width()))
                : tokens(attention, ops, context);
    }

    /** The last token sees all; before it, what comes later is never padding alone, so that is all there is to hide. */
    private Value keyBias(Attention attention, boolean narrowed) {
        return attention.reach().causal() && !narrowed
                ? shared.laterBias(ops -> Later.bias(ops, length(), Packing.SEQUENCE, Packing.MASKED))
                : packing.keyBias();
    }

    private Value windowed(Attention attention, Form layer, Value queryRows, Value keyRows, Value valueRows) {
        Ops ops = ops();
        Windows windows = shared.windows().computeIfAbsent(attention.reach().window(), this::windows);
        Value query = windows.queries(headRows(attention, ops, queryRows));
        Value key = windows.keys(headRows(attention, ops, keyRows));
        Value value = windows.keys(headRows(attention, ops, valueRows));
        Value scores = attention.scores().of(heads(attention, layer, false, query, key));
        Value probabilities = dropout(ops.softmax(ops.add(scores, windows.keyBias())), attention.dropout());
        Value rows = windows.rows(ops.matMul(probabilities, value));
        return ops.reshape(rows, Shape.of(Packing.TOKENS, attention.width()));
    }

    private Heads heads(Attention attention, Form layer, boolean narrowed, Value query, Value key) {
        return new Heads(layer, attention, narrowed, query, () -> key, divisor -> ops().microsoft()
                .fusedMatMul(query, key, false, true, (float) (1 / divisor)));
    }

    private Windows windows(int reach) {
        Ops ops = shared.ops().in("windows");
        Value keyBias = ops.reshape(packing.keyBias(), Shape.of(Packing.BATCH, Packing.SEQUENCE));
        Windows.Source source =
                new Windows.Source(packing.toHeads(), packing.fromHeads(), keyBias, length(), Packing.MASKED);
        return new Windows(ops, reach, source, true);
    }

    /** The key bias where the first token alone asks. */
    private Value nearFirst(int window) {
        Ops ops = ops();
        Value places = ops.range(ops.reshape(length(), Shape.of()), Packing.SEQUENCE);
        Value isFar = ops.not(ops.lessOrEqual(places, ops.vector(window)));
        Value far = ops.mul(ops.cast(isFar, ElementType.FLOAT), ops.scalar(Packing.MASKED));
        return ops.add(packing.keyBias(), far);
    }

    /** Rows of tokens, or of their keys' heads, turned by their places. */
    private Value turned(Attention attention, Value rows) {
        return attention.rotary() == null ? rows : turned(attention, rows, shared.ownRow(packing.positions()));
    }

    /** The rows of one token a sequence; a first token's place is turned by no angle. */
    private Value turnedSingle(Attention attention, Value rows) {
        return attention.rotary() == null || this.rows == Rows.FIRST
                ? rows
                : turned(attention, rows, ops().reshape(packing.single().rows(), Shape.of(Packing.BATCH, 1)));
    }

    /** @param angles the row of each one's among those of all tokens, int64 {@code [rows, 1]} */
    private Value turned(Attention attention, Value rows, Value angles) {
        List<Value> all = shared.angles().computeIfAbsent(attention.rotary(), this::angles);
        Ops ops = ops();
        Shape shape = rows.shape();
        Value each = ops.reshape(rows, Shape.of(shape.dim(0), 1, shape.dim(1)));
        Value turned = ops.microsoft().rotaryEmbedding(each, angles, all.get(0), all.get(1));
        return ops.reshape(turned, shape);
    }

    /** Keys or values as often as there are heads that share them. */
    private Value repeated(Attention attention, Value rows) {
        if (attention.sharing() == 1) {
            return rows;
        }
        Ops ops = ops();
        Value each = ops.reshape(rows, Shape.of(Packing.TOKENS, attention.keyHeads(), 1, attention.headSize()));
        Value all = ops.expand(
                each,
                ops.vector(1, 1, attention.sharing(), 1),
                Shape.of(Packing.TOKENS, attention.keyHeads(), attention.sharing(), attention.headSize()));
        return ops.reshape(all, Shape.of(Packing.TOKENS, attention.width()));
    }

    /** Cosine and sine of each token's angles. */
    private List<Value> angles(Rotary rotary) {
        Ops ops = shared.ops().in("rotary");
        Value places = ops.cast(packing.positions(), ElementType.FLOAT);
        return rotary.angles(ops, ops.reshape(places, Shape.of(Packing.TOKENS, 1)));
    }

    @Override
    Value projection(Attention attention, Projection which, Value x) {
        return linear(
                attention.projections().name(which),
                x,
                attention.width(which),
                attention.projections().bias());
    }

    @Override
    public Value length() {
        return ops().gather(ops().shape(inputs.attentionMask()), ops().vector(1), 0);
    }

    /** {@code [tokens, width]} to {@code [batch, heads, sequence, head size]}. */
    private Value heads(Attention attention, Ops ops, Value x) {
        Value each = headRows(attention, ops, x);
        return ops.gatherRows(each, packing.toHeads(), new RowInverse(packing.fromHeads(), null));
    }

    private static Value headRows(Attention attention, Ops ops, Value x) {
        return ops.reshape(x, Shape.of(Packing.TOKEN_HEADS, attention.headSize()));
    }

    /** {@code [batch, width]} to {@code [batch, heads, 1, head size]}. */
    private static Value singleTokenHeads(Attention attention, Ops ops, Value x) {
        return ops.reshape(x, Shape.of(Packing.BATCH, attention.heads(), 1, attention.headSize()));
    }

    /** {@code [batch, heads, sequence, head size]} to {@code [tokens, width]}. */
    private Value tokens(Attention attention, Ops ops, Value x) {
        Value each = ops.reshape(x, Shape.of("slot_heads", attention.headSize()));
        RowInverse back = new RowInverse(packing.toHeads(), packing.queryMask());
        Value packed = ops.gatherRows(each, packing.fromHeads(), back);
        return ops.reshape(packed, Shape.of(Packing.TOKENS, attention.width()));
    }

    @Override
    public Value wanted(Value hidden) {
        return rows.areSingle() ? gatherSingle(hidden) : hidden;
    }

    @Override
    public Value first(Value hidden) {
        return rows == Rows.FIRST ? hidden : gatherSingle(hidden);
    }

    @Override
    public Value last(Value hidden) {
        if (rows != Rows.LAST) {
            throw new IllegalStateException("This form was not made for last tokens");
        }
        return hidden;
    }

    private Value gatherSingle(Value hidden) {
        return ops().gatherRows(
                        hidden, packing.single().rows(), packing.single().inverse());
    }

    @Override
    public Value mean(Value hidden) {
        Ops ops = ops().in("mean");
        Value sizes = ops.shape(packing.queryMask());
        Value sequences = packing.single().inverse().indices();
        Value isOf = ops.oneHot(sequences, ops.gather(sizes, ops.vector(0), 0), Packing.BATCH);
        Value counts =
                ops.reduceSum(ops.reshape(packing.queryMask(), Shape.of(Packing.BATCH, Packing.SEQUENCE)), true, 1);
        return ops.div(ops.gemm(isOf, hidden, null, true, false), counts);
    }

    /** Takes {@code [batch]}, or {@code [batch, sequence]} where a head reads all tokens. */
    @Override
    public Value target(String name) {
        return rows.areOfSequences()
                ? graph.input(name, ElementType.INT64, Shape.of(Packing.BATCH))
                : packed(graph.input(name, ElementType.INT64, Shape.of(Packing.BATCH, Packing.SEQUENCE)));
    }

    @Override
    public Value labelled(String target, Value hidden) {
        LabelledTokens tokens = shared.labelled().computeIfAbsent(target, this::labelledTokens);
        return ops().gatherRows(hidden, tokens.rows(), tokens.inverse());
    }

    @Override
    public Value labels(String target) {
        return shared.labelled().computeIfAbsent(target, this::labelledTokens).labels();
    }

    private LabelledTokens labelledTokens(String target) {
        Value padded = graph.input(target, ElementType.INT64, Shape.of(Packing.BATCH, Packing.SEQUENCE));
        return LabelledTokens.of(packed(padded), shared.ops().in("labelled"));
    }

    @Override
    public Value targetNumbers(String name, long... width) {
        return graph.input(name, ElementType.FLOAT, Shape.of(Packing.BATCH).concat(Shape.of(width)));
    }

    @Override
    public Value sequenceTarget(String name) {
        return graph.input(name, ElementType.INT64, Shape.of(Packing.BATCH));
    }

    @Override
    public Value bySequence(Value scores) {
        Value padded = ops().gatherRows(scores, packing.rows(), new RowInverse(packing.slots(), null));
        Value bias = ops().reshape(packing.keyBias(), Shape.of(Packing.BATCH, 1, Packing.SEQUENCE));
        return ops().add(ops().transpose(padded, 0, 2, 1), bias);
    }

    @Override
    public Value choices(Value numbers) {
        return numbers;
    }

    @Override
    Value weight(String name, Role role, long... shape) {
        return parameters.get(parameter(name, name, role, shape));
    }
}
