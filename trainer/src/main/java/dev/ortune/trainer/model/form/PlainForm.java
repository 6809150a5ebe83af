package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Activation;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import java.util.List;

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
    private final Value maskBias;

    /** Declares the inputs. */
    public PlainForm(Graph graph, Geometry geometry) {
        super("", new Ops(graph), false);
        this.inputs = ModelInputs.of(graph, geometry.tokenTypes());
        this.parameters = new Parameters(graph);
        Ops mask = ops().in("mask");
        Value row = mask.reshape(mask.cast(inputs.attentionMask(), ElementType.FLOAT), Shape.of(BATCH, 1, 1, SEQUENCE));
        this.maskBias = mask.mul(mask.sub(mask.scalar(1f), row), mask.scalar(MASKED));
    }

    private PlainForm(PlainForm parent, String prefix, Ops ops, boolean ofHead) {
        super(prefix, ops, ofHead);
        this.inputs = parent.inputs;
        this.parameters = parent.parameters;
        this.maskBias = parent.maskBias;
    }

    @Override
    Form scoped(String prefix, Ops ops, boolean ofHead) {
        return new PlainForm(this, prefix, ops, ofHead);
    }

    /** Every weight that was used, in the order of the forward pass. */
    public List<Parameter> parameters() {
        return parameters.all();
    }

    @Override
    public Value inputIds() {
        return inputs.inputIds();
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
        Value weight =
                weight(name + ".weight", Role.MATRIX, out, x.shape().dim(-1).size());
        Value bias = weight(name + ".bias", Role.BIAS, out);
        return product(ops(name), x, weight, bias);
    }

    private static Value product(Ops ops, Value x, Value weight, Value bias) {
        return ops.add(ops.matMul(x, ops.transpose(weight, 1, 0)), bias);
    }

    @Override
    public Value linear(String name, Value x, long out, Activation activation) {
        Value inner = linear(name, x, out);
        return switch (activation) {
            case GELU -> gelu(inner);
            case GELU_NEW -> geluNew(inner);
            case RELU -> ops().relu(inner);
            case TANH -> ops().tanh(inner);
        };
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
        Ops ops = ops(attention.module());
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
        Value context = ops.transpose(ops.matMul(probabilities, value), 0, 2, 1, 3);
        return ops.reshape(context, Shape.of(BATCH, SEQUENCE, attention.width()));
    }

    private Value heads(Attention attention, Projection which, Value x, long... permutation) {
        Ops scoped = ops(attention.name(which));
        Shape shape = Shape.of(BATCH, SEQUENCE, attention.heads(), attention.headSize());
        return scoped.transpose(scoped.reshape(projection(attention, which, x), shape), permutation);
    }

    @Override
    Value projection(Attention attention, Projection which, Value x) {
        String name = attention.name(which);
        String part = attention.module();
        long in = x.shape().dim(-1).size();
        Value weight =
                parameters.get(parameter(name + ".weight", part + ".weight", Role.MATRIX, attention.width(), in));
        Value bias = parameters.get(parameter(name + ".bias", part + ".bias", Role.BIAS, attention.width()));
        return product(ops(name), x, weight, bias);
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
    public Value target(String name) {
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
    Value weight(String name, Role role, long... shape) {
        return parameters.get(parameter(name, name, role, shape));
    }
}
