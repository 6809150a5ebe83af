package dev.ortune.trainer.model.form;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Activation;
import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.LowRankUpdate;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import dev.ortune.trainer.model.form.TokenInputs.Picked;
import dev.ortune.trainer.model.form.TokenInputs.Transposed;
import java.util.List;

/**
 * The form in which ONNX Runtime trains on a GPU, where the number of kernels is what counts: one projection for query, key
 * and value; bias, dropout and residual in one; mask, softmax and dropout in one. The layers compute in {@link
 * GpuGraph#type}; embeddings, head and loss are in float32, as are the sums inside LayerNorm and softmax. Rows are {@code
 * [tokens, width]}.
 */
public final class KernelForm extends Form {
    /** As low as the host makes the key bias. */
    private static final float MASKED = -10000f;

    private final Graph graph;
    private final Geometry geometry;
    private final GpuGraph style;
    private final TokenInputs inputs;
    private final Adaptation adaptation;
    private final StackedParameters parameters;
    private final Rows rows;
    private final boolean training;
    private final SharedParts shared;

    /**
     * Declares inputs and weights.
     *
     * @param all every weight of the network, the factors of its updates among them
     * @param adaptation which of them are trained
     * @param rows which a head reads
     * @param training whether dropout is on
     */
    public KernelForm(
            Graph graph,
            Geometry geometry,
            List<Parameter> all,
            Adaptation adaptation,
            GpuGraph style,
            Rows rows,
            boolean training) {
        super(Place.root(new Ops(graph)));
        this.graph = graph;
        this.geometry = geometry;
        this.adaptation = adaptation;
        this.style = style;
        this.inputs = TokenInputs.of(graph, geometry, style.layout(), rows).as(style.type(), ops().in("inputs"));
        this.parameters = new StackedParameters(all, adaptation, style, graph);
        this.rows = rows;
        this.training = training;
        this.shared = new SharedParts(ops());
    }

    private KernelForm(KernelForm parent, Place place) {
        super(place);
        this.graph = parent.graph;
        this.geometry = parent.geometry;
        this.style = parent.style;
        this.inputs = parent.inputs;
        this.adaptation = parent.adaptation;
        this.parameters = parent.parameters;
        this.rows = parent.rows;
        this.training = parent.training;
        this.shared = parent.shared;
    }

    @Override
    Form at(Place other) {
        return new KernelForm(this, other);
    }

    /** The weights as the graph has them. */
    public StackedParameters weights() {
        return parameters;
    }

    @Override
    public Use use() {
        return training ? Use.TRAINING : Use.EVALUATION;
    }

    @Override
    public Value inputIds() {
        return inputs.inputIds();
    }

    /** Takes {@code sequence_rows}, the token at each place of {@code [batch, sequence]}, any at padding. */
    @Override
    public Value paddedIds() {
        return ops().gather(inputs.inputIds(), shared.sequenceRows(graph), 0);
    }

    @Override
    public Value lengths() {
        Ops ops = ops().in("lengths");
        Value isToken = ops.cast(ops.not(ops.cast(inputs.keyBias(), ElementType.BOOL)), ElementType.INT64);
        Shape shape = Shape.of(Packing.BATCH, Packing.SEQUENCE);
        return ops.reduceSum(ops.reshape(isToken, keySizes(ops), shape), false, 1);
    }

    /** {@code [batch, sequence]} as numbers. */
    private Value keySizes(Ops ops) {
        Value sizes = ops.shape(inputs.keyBias());
        return ops.concat(
                0, new Shape.Dim(null, 2), ops.gather(sizes, ops.vector(1), 0), ops.gather(sizes, ops.vector(4), 0));
    }

    @Override
    public Value keyBias() {
        return ops().gather(inputs.keyBias(), ops().constant(Constant.scalar(0L)), 0);
    }

    @Override
    public float masked() {
        return MASKED;
    }

    @Override
    public Value byHead(Value rows, int heads, int headSize) {
        Ops ops = ops();
        if (inputs.heads() instanceof Picked picked) {
            Value each = ops.reshape(rows, Shape.of(Packing.TOKEN_HEADS, headSize));
            return ops.gatherRows(each, picked.toHeadsOfOne(), new RowInverse(picked.fromHeads(), null));
        }
        Value sizes = ops.concat(0, new Shape.Dim(null, 4), keySizes(ops), ops.vector(heads), ops.vector(headSize));
        Shape shape = Shape.of(Packing.BATCH, Packing.SEQUENCE, heads, headSize);
        return ops.transpose(ops.reshape(rows, sizes, shape), 0, 2, 1, 3);
    }

    @Override
    public Value tokenTypeIds() {
        return inputs.tokenTypeIds();
    }

    @Override
    public Value lookup(String table, long tableRows, long width, Value ids) {
        return ops().gather(weight(table + ".weight", Role.TABLE, tableRows, width), ids, 0);
    }

    @Override
    public Value positions(String table, long tableRows, long width) {
        return lookup(table, tableRows, width, inputs.positionIds());
    }

    @Override
    public Value positionsAfterPadding(String table, long tableRows, long width, int padId) {
        return lookup(table, tableRows, width, ops().add(inputs.positionIds(), ops().vector(padId + 1L)));
    }

    @Override
    public Value toLayers(Value embeddings) {
        return ops().as(embeddings, style.type());
    }

    @Override
    public Value fromLayers(Value hidden) {
        return ops().as(hidden, ElementType.FLOAT);
    }

    @Override
    public Value linear(String name, Value x, long out) {
        Value product =
                ops().gemm(x, matrix(name, x, out), weight(name + ".bias", Role.BIAS, out), false, !hasInputsFirst());
        return updated(name, x, product);
    }

    @Override
    public Value linear(String name, Value x, long out, Activation activation) {
        return switch (activation) {
            case GELU -> ops().microsoft().biasGelu(product(name, x, out), bias(name, out), true);
            case GELU_NEW -> ops().microsoft().biasGelu(product(name, x, out), bias(name, out), false);
            case RELU -> relu(ops().add(product(name, x, out), bias(name, out)));
            case TANH, SILU -> activation(linear(name, x, out), activation);
        };
    }

    private Value relu(Value x) {
        if (x.type() == ElementType.BFLOAT16) {
            throw new OrtuneException("ONNX Runtime has no gradient of relu in bf16; train this model in fp16 or tf32");
        }
        return ops().relu(x);
    }

    @Override
    public Value product(String name, Value x, long out) {
        return updated(name, x, ops().microsoft().fusedMatMul(x, matrix(name, x, out), false, !hasInputsFirst(), 1));
    }

    @Override
    LowRankUpdate update(String name) {
        return adaptation.update(prefix() + name).orElse(null);
    }

    @Override
    public Value tied(String table, String bias, Value x, long tableRows) {
        Value weight = weight(table, Role.TABLE);
        return ops().gemm(x, weight, bias == null ? null : weight(bias, Role.BIAS), false, true);
    }

    @Override
    public Value activation(Value x, Activation activation) {
        // Without a bias gelu has no gradient in bf16.
        return switch (activation) {
            case GELU -> ops().microsoft().biasGelu(x, noBias(x), true);
            case GELU_NEW -> ops().microsoft().biasGelu(x, noBias(x), false);
            case RELU -> relu(x);
            case TANH -> ops().tanh(x);
            case SILU -> ops().mul(x, ops().sigmoid(x));
        };
    }

    private Value noBias(Value x) {
        int width = (int) x.shape().dim(-1).size();
        return ops().as(ops().constant(Constant.floats(new float[width], width)), x.type());
    }

    @Override
    public Value convolution(String name, Value x, long out, int kernel) {
        Value weight =
                weight(name + ".weight", Role.MATRIX, out, x.shape().dim(-1).size(), kernel);
        return new Convolution(ops(name), inputs.positionIds(), kernel).of(tokensOnly(x), weight, bias(name, out));
    }

    /** Zeros at padding, where the layout has any. */
    private Value tokensOnly(Value x) {
        if (style.layout() == TokenLayout.PACKED) {
            return x;
        }
        Ops ops = ops();
        Value isPadding = ops.cast(ops.cast(inputs.keyBias(), ElementType.BOOL), style.type());
        Value isToken = ops.sub(ops.as(ops.scalar(1f), style.type()), isPadding);
        return ops.mul(x, ops.reshape(isToken, Shape.of(Packing.TOKENS, 1)));
    }

    private Value bias(String name, long out) {
        return weight(name + ".bias", Role.BIAS, out);
    }

    @Override
    public Value residual(String name, Value x, double dropout, Value residual) {
        long out = residual.shape().dim(-1).size();
        Value projected = product(name, x, out);
        Value bias = bias(name, out);
        return training && dropout > 0 && style.fusedKernels()
                ? ops().microsoft().biasDropout(projected, bias, residual, (float) dropout)
                : ops().add(dropout(ops().add(projected, bias), dropout), residual);
    }

    @Override
    public Value dropout(Value x, double ratio) {
        return training && ratio > 0 ? ops().dropout(x, (float) ratio) : x;
    }

    /** Over {@code [1, batch, heads, sequence, head size]}, all rows; those that are not wanted are left out afterwards. */
    @Override
    public Value attention(Attention attention, Value queries, Value hidden) {
        if (attention.sharing() > 1) {
            throw new OrtuneException("Attention whose heads share keys trains on the CPU alone; --device cpu says so");
        }
        KernelForm at = (KernelForm) in(attention.module());
        Ops ops = at.ops();
        // The first members of a stack's part stand for query, key and value together.
        String first = attention.projections().first();
        Value weight = weight(first + ".weight", Role.MATRIX);
        Value projected = attention.projections().bias()
                ? ops.gemm(hidden, weight, weight(first + ".bias", Role.BIAS), false, !hasInputsFirst())
                : ops.microsoft().fusedMatMul(hidden, weight, false, !hasInputsFirst(), 1);
        List<Value> qkv = ops.split(at.heads(attention, updated(attention, hidden, projected)), 3)
                .outputs();
        Value query = at.turned(attention, qkv.get(0));
        Value key = at.turned(attention, qkv.get(1));
        Value context = at.tokens(
                attention,
                attention.reach().window() > 0
                        ? at.windowed(attention, this, query, key, qkv.get(2))
                        : at.attended(attention, this, keyBias(attention), query, key, qkv.get(2)));
        return queries.equals(hidden) ? context : gatherSingle(context);
    }

    /** Before padding, which is at the end, what comes later is all there is to hide. */
    private Value keyBias(Attention attention) {
        return attention.reach().causal()
                ? shared.laterBias(ops -> ops.as(Later.bias(ops, length(), Packing.SEQUENCE, MASKED), style.type()))
                : inputs.keyBias();
    }

    /** What query, key and value give together, with the updates of those that have one. */
    private Value updated(Attention attention, Value hidden, Value projected) {
        Projections projections = attention.projections();
        if (projections.areOne()) {
            return updated(projections.first(), hidden, projected);
        }
        if (projections.names().stream().allMatch(name -> update(name) == null)) {
            return projected;
        }
        Ops ops = ops(projections.part());
        List<Value> each = ops.split(projected, 3, 1).outputs();
        Value[] updated = new Value[each.size()];
        for (int i = 0; i < updated.length; i++) {
            updated[i] = updated(projections.names().get(i), hidden, each.get(i));
        }
        return ops.concat(1, projected.shape().dim(1), updated);
    }

    private Value attended(Attention attention, Form layer, Value keyBias, Value query, Value key, Value value) {
        Heads heads = new Heads(layer, attention, false, query, () -> key, divisor -> ops().microsoft()
                .fusedMatMul(query, key, false, true, (float) (1 / divisor)));
        Value probabilities = probabilities(attention, attention.scores().of(heads), keyBias);
        return ops().matMul(probabilities, value);
    }

    private Value windowed(Attention attention, Form layer, Value query, Value key, Value value) {
        Windows windows =
                shared.windows().computeIfAbsent(attention.reach().window(), reach -> windows(attention, reach));
        Value blocks = attended(
                attention,
                layer,
                windows.keyBias(),
                windows.queries(headRows(attention, query)),
                windows.keys(headRows(attention, key)),
                windows.keys(headRows(attention, value)));
        return ops().unsqueeze(windows.places(blocks), ops().vector(0));
    }

    private Value headRows(Attention attention, Value x) {
        return ops().reshape(x, Shape.of("slot_heads", attention.headSize()));
    }

    private Windows windows(Attention attention, int reach) {
        Ops ops = shared.ops().in("windows");
        Value length = length();
        Value batch = ops.gather(ops.shape(inputs.keyBias()), ops.vector(1), 0);
        Value count = ops.mul(ops.mul(batch, ops.vector(attention.heads())), length);
        Value rows = ops.range(ops.reshape(count, Shape.of()), new Shape.Dim("slot_heads", -1));
        Value sizes = ops.concat(0, new Shape.Dim(null, 3), batch, ops.vector(attention.heads()), length);
        Shape places = Shape.of(Packing.BATCH, attention.heads(), Packing.SEQUENCE);
        Value keyBias = ops.reshape(
                inputs.keyBias(),
                ops.concat(0, new Shape.Dim(null, 2), batch, length),
                Shape.of(Packing.BATCH, Packing.SEQUENCE));
        Windows.Source source = new Windows.Source(ops.reshape(rows, sizes, places), rows, keyBias, length, MASKED);
        return new Windows(ops, reach, source, true);
    }

    private Value turned(Attention attention, Value heads) {
        Rotary rotary = attention.rotary();
        return rotary == null
                ? heads
                : Rotary.turned(ops(), heads, shared.angles().computeIfAbsent(rotary, this::angles));
    }

    private List<Value> angles(Rotary rotary) {
        Ops ops = shared.ops().in("rotary");
        Value places = ops.range(ops.reshape(length(), Shape.of()), Packing.SEQUENCE);
        return rotary.angles(ops, ops.reshape(ops.cast(places, ElementType.FLOAT), Shape.of(Packing.SEQUENCE, 1)));
    }

    @Override
    Value projection(Attention attention, Projection which, Value x) {
        Ops ops = ops(attention.projections().name(which));
        Value weights = weight(attention.projections().first() + ".weight", Role.MATRIX);
        Value biases = weight(attention.projections().first() + ".bias", Role.BIAS);
        Value weight = ops.split(weights, 3).output(which.place());
        Value projected = ops.gemm(x, weight, ops.split(biases, 3).output(which.place()), false, true);
        return updated(attention.projections().name(which), x, projected);
    }

    @Override
    public Value mean(Value hidden) {
        Ops ops = ops().in("mean");
        Value batch = ops.gather(ops.shape(inputs.keyBias()), ops.vector(1), 0);
        Value isOf = ops.oneHot(inputs.mean().sequences(), batch, Packing.BATCH);
        return ops.gemm(ops.mul(isOf, inputs.mean().shares()), hidden, null, true, false);
    }

    @Override
    public Value length() {
        return ops().gather(ops().shape(inputs.keyBias()), ops().vector(4), 0);
    }

    private Value probabilities(Attention attention, Value scores, Value keyBias) {
        double ratio = attention.dropout();
        boolean perKey = keyBias.shape().rank() > 2 && keyBias.shape().dim(-2).size() == 1;
        if (training && ratio > 0 && style.fusesSoftmax() && perKey) {
            return ops().microsoft().biasSoftmaxDropout(scores, keyBias, (float) ratio);
        }
        return dropout(ops().softmax(ops().add(scores, keyBias)), ratio);
    }

    /** {@code [tokens, 3 width]} to {@code [3, batch, heads, sequence, head size]}. */
    private Value heads(Attention attention, Value x) {
        Ops ops = ops();
        if (inputs.heads() instanceof Picked picked) {
            Value each = ops.reshape(x, Shape.of("token_heads_3", attention.headSize()));
            return ops.gatherRows(each, picked.toHeads(), new RowInverse(picked.fromAll(), null));
        }
        Value sizes = ((Transposed) inputs.heads()).sizes();
        Shape shape = Shape.of(Packing.BATCH, Packing.SEQUENCE, 3, attention.heads(), attention.headSize());
        return ops.transpose(ops.reshape(x, sizes, shape), 2, 0, 3, 1, 4);
    }

    /** {@code [1, batch, heads, sequence, head size]} to {@code [tokens, width]}. */
    private Value tokens(Attention attention, Value x) {
        Ops ops = ops();
        Shape shape = Shape.of(Packing.TOKENS, attention.width());
        if (inputs.heads() instanceof Picked picked) {
            Value each = ops.reshape(x, Shape.of("slot_heads", attention.headSize()));
            RowInverse back = new RowInverse(picked.toHeadsOfOne(), picked.queryMask());
            return ops.reshape(ops.gatherRows(each, picked.fromHeads(), back), shape);
        }
        return ops.reshape(ops.transpose(x, 1, 3, 0, 2, 4), shape);
    }

    @Override
    public Value wanted(Value hidden) {
        return rows.areSingle() ? gatherSingle(hidden) : hidden;
    }

    @Override
    public Value first(Value hidden) {
        return rows == Rows.FIRST ? hidden : gather(SequenceTokens.of(graph, Rows.FIRST), hidden);
    }

    @Override
    public Value last(Value hidden) {
        return rows == Rows.LAST ? hidden : gather(SequenceTokens.of(graph, Rows.LAST), hidden);
    }

    private Value gatherSingle(Value x) {
        return gather(inputs.single(), x);
    }

    private Value gather(SequenceTokens tokens, Value x) {
        return ops().gatherRows(x, tokens.rows(), tokens.inverse());
    }

    /** Takes {@code [batch]}, or {@code [tokens]} where a head reads all tokens. */
    @Override
    public Value target(String name) {
        Shape.Dim dim = rows.areOfSequences() ? Packing.BATCH : Packing.TOKENS;
        return graph.input(name, ElementType.INT64, Shape.of(dim));
    }

    /** Takes them as {@link LabelledTokens#of(Graph)} says, for one target alone. */
    @Override
    public Value labelled(String target, Value hidden) {
        LabelledTokens tokens = shared.labelled().computeIfAbsent(target, name -> LabelledTokens.of(graph));
        return ops().gatherRows(hidden, tokens.rows(), tokens.inverse());
    }

    @Override
    public Value labels(String target) {
        return shared.labelled()
                .computeIfAbsent(target, name -> LabelledTokens.of(graph))
                .labels();
    }

    @Override
    public Value targetNumbers(String name, long... width) {
        return graph.input(name, ElementType.FLOAT, Shape.of(Packing.BATCH).concat(Shape.of(width)));
    }

    @Override
    public Value sequenceTarget(String name) {
        return graph.input(name, ElementType.INT64, Shape.of(Packing.BATCH));
    }

    /**
     * Takes {@code sequence_rows}, the token at each place of {@code [batch, sequence]}, any at padding, and {@code
     * sequence_places}, the place of each token: {@code [tokens]}.
     */
    @Override
    public Value bySequence(Value scores) {
        Value rows = shared.sequenceRows(graph);
        Value places = graph.input("sequence_places", ElementType.INT64, Shape.of(Packing.TOKENS));
        Value padded = ops().gatherRows(scores, rows, new RowInverse(places, null));
        Value keys = ops().gather(inputs.keyBias(), ops().constant(Constant.scalar(0L)), 0);
        Value bias = ops().reshape(keys, Shape.of(Packing.BATCH, 1, Packing.SEQUENCE));
        return ops().add(ops().transpose(padded, 0, 2, 1), ops().as(bias, ElementType.FLOAT));
    }

    @Override
    public Value choices(Value numbers) {
        return numbers;
    }

    @Override
    Value weight(String name, Role role, long... shape) {
        return parameters.get(prefix() + name);
    }
}
