package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Activation;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;
import java.util.Map;

/**
 * The form in which ONNX Runtime trains on a CPU: the same numbers as {@link PlainForm}'s from less work. Padding is left
 * out of everything but attention ({@link Packing}), so rows are {@code [tokens, width]}; where a head reads first tokens
 * alone, the last layer computes its query, output and feed-forward block for them only. Padding may stand only at the end
 * of sequences.
 */
public final class PackedForm extends Form {
    private final Graph graph;
    private final ModelInputs inputs;
    private final Parameters parameters;
    private final Packing packing;
    private final Rows rows;
    private final boolean training;

    /**
     * Declares the inputs.
     *
     * @param rows which a head reads
     * @param training whether dropout is on
     */
    public PackedForm(Graph graph, Geometry geometry, Rows rows, boolean training) {
        super("", new Ops(graph), false);
        this.graph = graph;
        this.inputs = ModelInputs.of(graph, geometry.tokenTypes());
        this.parameters = new Parameters(graph);
        this.packing = Packing.of(inputs.attentionMask(), geometry.heads(), ops().in("packing"));
        this.rows = rows;
        this.training = training;
    }

    private PackedForm(PackedForm parent, String prefix, Ops ops, boolean ofHead) {
        super(prefix, ops, ofHead);
        this.graph = parent.graph;
        this.inputs = parent.inputs;
        this.parameters = parent.parameters;
        this.packing = parent.packing;
        this.rows = parent.rows;
        this.training = parent.training;
    }

    @Override
    Form scoped(String prefix, Ops ops, boolean ofHead) {
        return new PackedForm(this, prefix, ops, ofHead);
    }

    /** The weights that were used and the graph's inputs for them, in the order of the forward pass. */
    public Map<Parameter, Value> weights() {
        return parameters.values();
    }

    @Override
    public Value inputIds() {
        return packed(inputs.inputIds());
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
        Value weight =
                weight(name + ".weight", Role.MATRIX, out, x.shape().dim(-1).size());
        Value bias = weight(name + ".bias", Role.BIAS, out);
        return ops(name).gemm(x, weight, bias, false, true);
    }

    @Override
    public Value linear(String name, Value x, long out, Activation activation) {
        Value inner = linear(name, x, out);
        return switch (activation) {
            case GELU -> ops().microsoft().gelu(inner);
            case GELU_NEW -> ops().microsoft().fastGelu(inner);
            case RELU -> ops().relu(inner);
            case TANH -> ops().tanh(inner);
        };
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
        Ops ops = at.ops();
        Value projected = projection(attention, Projection.QUERY, queries);
        Value query = narrowed ? firstTokenHeads(attention, ops, projected) : heads(attention, ops, projected);
        Value key = heads(attention, ops, projection(attention, Projection.KEY, hidden));
        Value value = heads(attention, ops, projection(attention, Projection.VALUE, hidden));
        Heads heads = new Heads(this, attention, narrowed, query, () -> key, divisor -> ops.microsoft()
                .fusedMatMul(query, key, false, true, (float) (1 / divisor)));
        Value scores = attention.scores().of(heads);
        Value probabilities = ops.softmax(ops.add(scores, packing.keyBias()));
        Value context = ops.matMul(at.dropout(probabilities, attention.dropout()), value);
        return narrowed
                ? ops.reshape(context, Shape.of(Packing.BATCH, attention.width()))
                : tokens(attention, ops, context);
    }

    @Override
    Value projection(Attention attention, Projection which, Value x) {
        return linear(attention.name(which), x, attention.width());
    }

    @Override
    public Value length() {
        return ops().gather(ops().shape(inputs.attentionMask()), ops().vector(1), 0);
    }

    /** {@code [tokens, width]} to {@code [batch, heads, sequence, head size]}. */
    private Value heads(Attention attention, Ops ops, Value x) {
        Value each = ops.reshape(x, Shape.of(Packing.TOKEN_HEADS, attention.headSize()));
        return ops.gatherRows(each, packing.toHeads(), new RowInverse(packing.fromHeads(), null));
    }

    /** {@code [batch, width]} to {@code [batch, heads, 1, head size]}. */
    private static Value firstTokenHeads(Attention attention, Ops ops, Value x) {
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
        return rows == Rows.FIRST ? gatherFirst(hidden) : hidden;
    }

    @Override
    public Value first(Value hidden) {
        return rows == Rows.FIRST ? hidden : gatherFirst(hidden);
    }

    private Value gatherFirst(Value hidden) {
        return ops().gatherRows(hidden, packing.first().rows(), packing.first().inverse());
    }

    /** Takes {@code [batch]}, or {@code [batch, sequence]} where a head reads all tokens. */
    @Override
    public Value target(String name) {
        return rows == Rows.FIRST
                ? graph.input(name, ElementType.INT64, Shape.of(Packing.BATCH))
                : packed(graph.input(name, ElementType.INT64, Shape.of(Packing.BATCH, Packing.SEQUENCE)));
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
    Value weight(String name, Role role, long... shape) {
        return parameters.get(parameter(name, name, role, shape));
    }
}
