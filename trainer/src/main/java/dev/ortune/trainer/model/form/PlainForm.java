package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Activation;
import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.JoinedAdapters;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Standard operators in the form whose patterns ONNX Runtime and other tools recognise and fuse: {@code graph.onnx}, without
 * dropout. Rows are {@code [batch, sequence, width]}, padding included. It reads like the model's definition;
 * {@link PackedForm} is the same function with less work.
 */
public final class PlainForm extends Form {
    private static final Dim BATCH = new Dim("batch", -1);
    private static final Dim SEQUENCE = new Dim("sequence", -1);
    /** Low enough that exp gives 0, and still a number in half precision. */
    private static final float MASKED = -10000f;

    private final ModelInputs inputs;
    private final Parameters parameters;

    /** Null where there are none. */
    private final AdapterRows adapters;

    private final Value maskBias;
    /** Float, 1 for tokens and 0 for padding: {@code [batch, 1, 1, sequence]}. */
    private final Value maskRow;

    /** How many choices an example has, int64 {@code [1]}; null where examples are of one sequence each. */
    private final Value choices;

    private final SharedParts shared;

    /** What was computed of tokens before; null where there are none. */
    private final Past past;

    /** Declares the inputs. */
    public PlainForm(Graph graph, Geometry geometry) {
        this(graph, geometry, false);
    }

    /**
     * Declares the inputs.
     *
     * @param ofChoices whether an example is several sequences to choose from
     */
    public PlainForm(Graph graph, Geometry geometry, boolean ofChoices) {
        this(graph, geometry, ofChoices, null);
    }

    /** Likewise, with adapters of which each row of a batch has one; null for none. */
    public PlainForm(Graph graph, Geometry geometry, boolean ofChoices, JoinedAdapters joined) {
        this(graph, ModelInputs.of(graph, geometry.tokenTypes(), ofChoices), ofChoices, null, joined);
    }

    private PlainForm(Graph graph, ModelInputs declared, boolean ofChoices, Past past, JoinedAdapters joined) {
        super(Place.root(new Ops(graph)));
        Ops ops = ops().in("choices");
        this.choices = ofChoices ? ops.gather(ops.shape(declared.inputIds()), ops.vector(1), 0) : null;
        this.inputs = ofChoices ? declared.oneAfterTheOther(ops) : declared;
        this.parameters = new Parameters(graph, Adaptation.NONE);
        this.adapters = joined == null ? null : new AdapterRows(joined, graph, parameters);
        this.past = past;
        Dim keys = past == null ? SEQUENCE : Past.ALL;
        Ops mask = ops().in("mask");
        this.maskRow = mask.reshape(mask.cast(inputs.attentionMask(), ElementType.FLOAT), Shape.of(BATCH, 1, 1, keys));
        this.maskBias = mask.mul(mask.sub(mask.scalar(1f), maskRow), mask.scalar(MASKED));
        this.shared = new SharedParts(ops());
    }

    /** Declares the inputs of a graph for a text that grows, whose attention is causal. */
    public static PlainForm withPast(Graph graph, Geometry geometry, int layers) {
        return new PlainForm(graph, ModelInputs.ofNew(graph), false, Past.of(graph, geometry, layers), null);
    }

    /**
     * Declares the inputs of a decoder that stands in a graph by itself, {@code input_ids} and {@code encoder_attention_mask}: the
     * form's tokens are the encoder's.
     */
    public static PlainForm ofDecoder(Graph graph) {
        return new PlainForm(graph, ModelInputs.ofDecoder(graph), false, null, null);
    }

    private PlainForm(PlainForm parent, Place place) {
        super(place);
        this.inputs = parent.inputs;
        this.parameters = parent.parameters;
        this.adapters = parent.adapters;
        this.maskBias = parent.maskBias;
        this.maskRow = parent.maskRow;
        this.choices = parent.choices;
        this.shared = parent.shared;
        this.past = parent.past;
    }

    @Override
    Form at(Place other) {
        return new PlainForm(this, other);
    }

    /** Every weight that was used, in the order of the forward pass. */
    public List<Parameter> parameters() {
        return parameters.all();
    }

    /** The keys and values of all tokens, by the names of the graph's outputs for them. */
    public Map<String, Value> presents() {
        return past.presents();
    }

    @Override
    public Use use() {
        return Use.INFERENCE;
    }

    @Override
    public Value inputIds() {
        return inputs.inputIds();
    }

    @Override
    public Value paddedIds() {
        return inputs.inputIds();
    }

    @Override
    public Value picked(Value rows, Value indices, Supplier<RowInverse> inverse) {
        return ops().gather(rows, indices, 0);
    }

    @Override
    public Value lengths() {
        return ops().in("lengths").reduceSum(inputs.attentionMask(), false, 1);
    }

    @Override
    public Value keyBias() {
        return maskBias;
    }

    @Override
    public float masked() {
        return MASKED;
    }

    @Override
    public Value byHead(Value rows, int heads, int headSize) {
        return ops().transpose(ops().reshape(rows, Shape.of(BATCH, SEQUENCE, heads, headSize)), 0, 2, 1, 3);
    }

    @Override
    public Value products(Value queries, Value keys) {
        return ops().matMul(queries, ops().transpose(keys, 0, 1, 3, 2));
    }

    @Override
    Value rmsNorm(Ops scoped, Value x, Value scale, float epsilon) {
        Value meanSquare = scoped.reduceMean(scoped.pow(x, scoped.scalar(2f)));
        Value root = scoped.sqrt(scoped.add(meanSquare, scoped.scalar(epsilon)));
        return scoped.mul(scoped.div(x, root), scale);
    }

    @Override
    public Value tokenTypeIds() {
        return inputs.tokenTypeIds();
    }

    @Override
    public Value lookup(String table, long rows, long width, Value ids) {
        return ops(table).gather(weight(table + ".weight", Role.TABLE, rows, width), ids, 0);
    }

    @Override
    public Value positions(String table, long rows, long width) {
        if (past != null) {
            return lookup(table, rows, width, past.positions());
        }
        Value weight = weight(table + ".weight", Role.TABLE, rows, width);
        return ops(table).slice(weight, length(), Shape.of(SEQUENCE, width));
    }

    @Override
    public Value positionsAfterPadding(String table, long rows, long width, int padId) {
        Ops scoped = ops(table);
        Value pad = scoped.constant(Constant.scalar((long) padId));
        Value isToken = scoped.cast(scoped.not(scoped.equal(inputs.inputIds(), pad)), ElementType.INT64);
        Value places = scoped.add(scoped.mul(scoped.cumSum(isToken, 1), isToken), pad);
        return lookup(table, rows, width, places);
    }

    /** The transpose is folded once the weights are constants. */
    @Override
    public Value linear(String name, Value x, long out) {
        return hasOwn(name)
                ? adapters.own(prefix() + name, ops(name), x, out, true)
                : product(name, x, matrix(name, x, out), weight(name + ".bias", Role.BIAS, out));
    }

    @Override
    public Value product(String name, Value x, long out) {
        return hasOwn(name)
                ? adapters.own(prefix() + name, ops(name), x, out, false)
                : product(name, x, matrix(name, x, out), null);
    }

    private boolean hasOwn(String name) {
        return adapters != null && adapters.haveOwn(prefix() + name);
    }

    /** {@code x W' + b}; the bias and what an adapter adds are one sum, so that the product is where tools look for it. */
    private Value product(String name, Value x, Value weight, Value bias) {
        Ops ops = ops(name);
        boolean inputsFirst = hasInputsFirst();
        Value product = ops.matMul(x, inputsFirst ? weight : ops.transpose(weight, 1, 0));
        long out = weight.shape().dim(inputsFirst ? 1 : 0).size();
        Value update = adapters == null ? null : adapters.update(prefix() + name, ops, x, out);
        if (update == null) {
            return bias == null ? product : ops.add(product, bias);
        }
        return ops.add(product, bias == null ? update : ops.add(update, bias));
    }

    @Override
    public Value tied(String table, String bias, Value x, long rows) {
        Ops scoped = ops("decoder");
        Value weight = weight(table, Role.TABLE, rows, x.shape().dim(-1).size());
        Value products = scoped.matMul(x, scoped.transpose(weight, 1, 0));
        return bias == null ? products : scoped.add(products, weight(bias, Role.BIAS, rows));
    }

    @Override
    public Value linear(String name, Value x, long out, Activation activation) {
        return activation(linear(name, x, out), activation);
    }

    @Override
    public Value activation(Value x, Activation activation) {
        return switch (activation) {
            case GELU -> gelu(x);
            case GELU_NEW -> geluNew(x);
            case RELU -> ops().relu(x);
            case TANH -> ops().tanh(x);
            case SILU -> ops().mul(x, ops().sigmoid(x));
        };
    }

    @Override
    public Value convolution(String name, Value x, long out, int kernel) {
        Ops scoped = ops(name);
        Value weight =
                weight(name + ".weight", Role.MATRIX, out, x.shape().dim(-1).size(), kernel);
        Value bias = weight(name + ".bias", Role.BIAS, out);
        Value tokens = scoped.mul(x, scoped.reshape(maskRow, Shape.of(BATCH, SEQUENCE, 1)));
        Value columns = scoped.transpose(tokens, 0, 2, 1);
        return scoped.transpose(scoped.conv(columns, weight, bias, kernel / 2), 0, 2, 1);
    }

    // x (1 + erf(x / sqrt 2)) / 2, Hendrycks and Gimpel 2016 (arXiv:1606.08415)
    private Value gelu(Value x) {
        Ops ops = ops();
        Value erf = ops.erf(ops.div(x, ops.scalar((float) Math.sqrt(2))));
        return ops.mul(ops.mul(x, ops.add(erf, ops.scalar(1f))), ops.scalar(0.5f));
    }

    // x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, the same paper
    private Value geluNew(Value x) {
        Ops ops = ops();
        Value cube = ops.mul(ops.mul(x, x), x);
        Value inner = ops.add(x, ops.mul(cube, ops.scalar(0.044715f)));
        Value tanh = ops.tanh(ops.mul(inner, ops.scalar((float) Math.sqrt(2 / Math.PI))));
        return ops.mul(ops.mul(x, ops.add(tanh, ops.scalar(1f))), ops.scalar(0.5f));
    }

    @Override
    public Value residual(String name, Value x, double dropout, Value residual) {
        return ops().add(linear(name, x, residual.shape().dim(-1).size()), residual);
    }

    @Override
    public Value dropout(Value x, double ratio) {
        return x;
    }

    @Override
    public Value attention(Attention attention, Value queries, Value hidden) {
        PlainForm at = (PlainForm) in(attention.module());
        if (attention.projections().areOne()
                || attention.rotary() != null
                || attention.reach().causal()) {
            return at.attendedInPlaces(attention, this, hidden);
        }
        Ops ops = at.ops();
        Value query = heads(attention, Projection.QUERY, queries, 0, 2, 1, 3);
        Heads heads = new Heads(
                this, attention, false, query, () -> heads(attention, Projection.KEY, hidden, 0, 2, 1, 3), divisor -> {
                    // Other tools know attention by its keys' transpose.
                    Value key = heads(attention, Projection.KEY, hidden, 0, 2, 3, 1);
                    return ops.div(ops.matMul(query, key), ops.scalar((float) divisor));
                });
        Value scores = attention.scores().of(heads);
        Value value = heads(attention, Projection.VALUE, hidden, 0, 2, 1, 3);
        Value probabilities = ops.softmax(ops.add(scores, maskBias));
        return at.tokens(attention, ops.matMul(probabilities, value));
    }

    private Value tokens(Attention attention, Value context) {
        return ops().reshape(ops().transpose(context, 0, 2, 1, 3), Shape.of(BATCH, SEQUENCE, attention.width()));
    }

    /** Queries, keys and values, head by head: {@code [batch, heads, sequence, head size]}. */
    private List<Value> headsOfAll(Attention attention, PlainForm layer, Value hidden) {
        if (!attention.projections().areOne()) {
            return Stream.of(Projection.values())
                    .map(which -> layer.heads(attention, which, hidden, 0, 2, 1, 3))
                    .toList();
        }
        Ops ops = ops();
        Value all = layer.linear(
                attention.projections().first(),
                hidden,
                3L * attention.width(),
                attention.projections().bias());
        return ops.split(all, 3, 2).outputs().stream()
                .map(part -> ops.transpose(
                        ops.reshape(part, Shape.of(BATCH, SEQUENCE, attention.heads(), attention.headSize())),
                        0,
                        2,
                        1,
                        3))
                .toList();
    }

    /** Queries and keys that are turned by their places, in windows, or that see what is before them: where there is any of it. */
    private Value attendedInPlaces(Attention attention, PlainForm layer, Value hidden) {
        Ops ops = ops();
        List<Value> heads = headsOfAll(attention, layer, hidden);
        Value query = turned(attention, heads.get(0));
        Value key = turned(attention, heads.get(1));
        if (attention.reach().window() == 0) {
            Past.Pair asked = new Past.Pair(key, heads.get(2));
            Past.Pair known = past == null ? asked : past.all(ops, asked);
            Heads compared =
                    heads(attention, layer, sideBySide(attention, query), ofAllSharing(attention, known.keys()));
            Value scores = ops.add(together(attention, attention.scores().of(compared)), maskBias);
            Value seen = attention.reach().causal() ? ops.add(scores, laterBias()) : scores;
            Value context =
                    ops.matMul(sideBySide(attention, ops.softmax(seen)), ofAllSharing(attention, known.values()));
            return tokens(attention, together(attention, context));
        }
        Windows windows =
                shared.windows().computeIfAbsent(attention.reach().window(), reach -> windows(attention, reach));
        Value queries = windows.queries(headRows(attention, query));
        Value keys = windows.keys(headRows(attention, key));
        Value values = windows.keys(headRows(attention, heads.get(2)));
        Value scores = attention.scores().of(heads(attention, layer, queries, keys));
        Value context = ops.matMul(ops.softmax(ops.add(scores, windows.keyBias())), values);
        return tokens(attention, windows.places(context));
    }

    /** What heads have that share keys, side by side: {@code [batch, key heads, heads that share, sequence, ..]}. */
    private Value sideBySide(Attention attention, Value x) {
        Shape shape = x.shape();
        return attention.sharing() == 1
                ? x
                : reshaped(
                        x,
                        2,
                        ops().vector(0, attention.keyHeads(), attention.sharing()),
                        Shape.of(shape.dim(0), attention.keyHeads(), attention.sharing(), shape.dim(2), shape.dim(3)));
    }

    /** The keys or values that they share. */
    private Value ofAllSharing(Attention attention, Value x) {
        return attention.sharing() == 1 ? x : ops().unsqueeze(x, ops().vector(2));
    }

    /** Back to {@code [batch, heads, sequence, ..]}. */
    private Value together(Attention attention, Value x) {
        Shape shape = x.shape();
        return attention.sharing() == 1
                ? x
                : reshaped(
                        x,
                        3,
                        ops().vector(0, attention.heads()),
                        Shape.of(shape.dim(0), attention.heads(), shape.dim(3), shape.dim(4)));
    }

    /**
     * Other dimensions before the last two.
     *
     * @param places the axis of the last but one
     * @param before the others' sizes, 0 for those that stay
     */
    private Value reshaped(Value x, int places, Value before, Shape shape) {
        Ops ops = ops();
        Value rows = ops.gather(ops.shape(x), ops.vector(places), 0);
        Value sizes = ops.concat(0, new Dim(null, shape.rank()), before, rows, ops.vector(-1));
        return ops.reshape(x, sizes, shape);
    }

    private Value laterBias() {
        if (past == null) {
            return shared.laterBias(ops -> Later.bias(ops, length(), SEQUENCE, MASKED));
        }
        return shared.laterBias(ops -> {
            Value all = ops.gather(ops.shape(inputs.attentionMask()), ops.vector(1), 0);
            return Later.ofLast(ops, length(), all, MASKED);
        });
    }

    private Heads heads(Attention attention, Form layer, Value query, Value key) {
        Ops ops = ops();
        long[] exchanged = key.shape().rank() == 4 ? new long[] {0, 1, 3, 2} : new long[] {0, 1, 2, 4, 3};
        return new Heads(
                layer,
                attention,
                false,
                query,
                () -> key,
                divisor -> ops.div(ops.matMul(query, ops.transpose(key, exchanged)), ops.scalar((float) divisor)));
    }

    private Value headRows(Attention attention, Value x) {
        return ops().reshape(x, Shape.of("slot_heads", attention.headSize()));
    }

    private Windows windows(Attention attention, int reach) {
        Ops ops = shared.ops().in("windows");
        Value length = length();
        Value batch = ops.gather(ops.shape(inputs.inputIds()), ops.vector(0), 0);
        Value count = ops.mul(ops.mul(batch, ops.vector(attention.heads())), length);
        Value rows = ops.range(ops.reshape(count, Shape.of()), new Dim("slot_heads", -1));
        Value sizes = ops.concat(0, new Dim(null, 3), batch, ops.vector(attention.heads()), length);
        Value rowOfPlace = ops.reshape(rows, sizes, Shape.of(BATCH, attention.heads(), SEQUENCE));
        Value keyBias = ops.reshape(maskBias, Shape.of(BATCH, SEQUENCE));
        return new Windows(ops, reach, new Windows.Source(rowOfPlace, null, keyBias, length, MASKED), false);
    }

    private Value turned(Attention attention, Value heads) {
        Rotary rotary = attention.rotary();
        return rotary == null
                ? heads
                : Rotary.turned(ops(), heads, shared.angles().computeIfAbsent(rotary, this::angles));
    }

    private List<Value> angles(Rotary rotary) {
        Ops ops = shared.ops().in("rotary");
        if (past != null) {
            Value own = ops.cast(past.positions(), ElementType.FLOAT);
            return rotary.angles(ops, ops.reshape(own, Shape.of(BATCH, 1, SEQUENCE, 1)));
        }
        Value places = ops.range(ops.reshape(length(), Shape.of()), SEQUENCE);
        return rotary.angles(ops, ops.reshape(ops.cast(places, ElementType.FLOAT), Shape.of(SEQUENCE, 1)));
    }

    private Value heads(Attention attention, Projection which, Value x, long... permutation) {
        Ops scoped = ops(attention.projections().name(which));
        Shape shape = Shape.of(BATCH, SEQUENCE, attention.heads(which), attention.headSize());
        return scoped.transpose(scoped.reshape(projection(attention, which, x), shape), permutation);
    }

    @Override
    Value projection(Attention attention, Projection which, Value x) {
        String name = attention.projections().name(which);
        String part = attention.projections().part();
        long in = x.shape().dim(-1).size();
        long out = attention.width(which);
        Value weight = parameters.get(parameter(name + ".weight", part + ".weight", Role.MATRIX, out, in));
        Value bias = attention.projections().bias()
                ? parameters.get(parameter(name + ".bias", part + ".bias", Role.BIAS, out))
                : null;
        return product(name, x, weight, bias);
    }

    @Override
    public Value mean(Value hidden) {
        Ops ops = ops().in("mean");
        Value mask = ops.reshape(maskRow, Shape.of(BATCH, SEQUENCE, 1));
        return ops.div(ops.reduceSum(ops.mul(hidden, mask), false, 1), ops.reduceSum(mask, false, 1));
    }

    @Override
    public Value length() {
        return ops().gather(ops().shape(inputs.inputIds()), ops().vector(1), 0);
    }

    @Override
    public Value wanted(Value hidden) {
        return hidden;
    }

    @Override
    public Value first(Value hidden) {
        return ops().gather(hidden, ops().constant(Constant.scalar(0L)), 1);
    }

    @Override
    public Value last(Value hidden) {
        Ops ops = ops().in("last");
        Value places = ops.range(ops.reshape(length(), Shape.of()), SEQUENCE);
        Value masked = ops.mul(inputs.attentionMask(), places);
        Value last = ops.reshape(ops.argMax(masked), Shape.of(BATCH));
        // What is gathered from is one row after the other.
        Value batch = ops.reshape(ops.gather(ops.shape(inputs.inputIds()), ops.vector(0), 0), Shape.of());
        Value begins = ops.mul(ops.range(batch, BATCH), length());
        Value rows =
                ops.reshape(hidden, Shape.of("places", hidden.shape().dim(-1).size()));
        return ops.gather(rows, ops.add(begins, last), 0);
    }

    @Override
    public Value target(String name) {
        throw new UnsupportedOperationException("Nothing is trained in this form");
    }

    @Override
    public Value labelled(String target, Value hidden) {
        return hidden;
    }

    @Override
    public Value labels(String target) {
        throw new UnsupportedOperationException("Nothing is trained in this form");
    }

    @Override
    public Value targetNumbers(String name, long... width) {
        throw new UnsupportedOperationException("Nothing is trained in this form");
    }

    @Override
    public Value sequenceTarget(String name) {
        throw new UnsupportedOperationException("Nothing is trained in this form");
    }

    @Override
    public Value bySequence(Value scores) {
        throw new UnsupportedOperationException("Nothing is trained in this form");
    }

    @Override
    public Value choices(Value numbers) {
        if (choices == null) {
            return numbers;
        }
        Ops ops = ops().in("choices");
        Value sizes = ops.concat(0, new Dim(null, 2), ops.vector(-1), choices);
        return ops.reshape(numbers, sizes, Shape.of("batch", "choices"));
    }

    @Override
    Value weight(String name, Role role, long... shape) {
        return parameters.get(parameter(name, name, role, shape));
    }
}
