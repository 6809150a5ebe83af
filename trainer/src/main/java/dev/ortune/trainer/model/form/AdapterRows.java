package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.JoinedAdapters;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.Role;

/** What the adapters of a batch's rows add to linear layers: each row is multiplied with the factors of its own. */
final class AdapterRows {
    private static final Dim BATCH = new Dim("batch", -1);

    private final JoinedAdapters adapters;
    private final Parameters parameters;
    private final Value numbers;

    AdapterRows(JoinedAdapters adapters, Graph graph, Parameters parameters) {
        this.adapters = adapters;
        this.parameters = parameters;
        this.numbers = graph.input(JoinedAdapters.INPUT, ElementType.INT64, Shape.of(BATCH));
    }

    /** Whether each adapter has a layer of its own. */
    boolean haveOwn(String layer) {
        return adapters.whole().contains(layer);
    }

    /** What a row's adapter adds to a layer's product, or null. */
    Value update(String layer, Ops ops, Value x, long out) {
        Integer rank = adapters.ranks().get(layer);
        if (rank == null) {
            return null;
        }
        long in = x.shape().dim(-1).size();
        Value a = ofRows(JoinedAdapters.stackOfA(layer), ops, in, rank);
        Value b = ofRows(JoinedAdapters.stackOfB(layer), ops, rank, out);
        return inOneRow(ops.matMul(ops.matMul(rows(ops, x), a), b), ops, x, out);
    }

    /** What a layer of a row's adapter gives. */
    Value own(String layer, Ops ops, Value x, long out, boolean withBias) {
        Value weight = ofRows(
                JoinedAdapters.stackOfWeights(layer), ops, x.shape().dim(-1).size(), out);
        Value product = ops.matMul(rows(ops, x), weight);
        Value sum = withBias ? ops.add(product, ofRows(JoinedAdapters.stackOfBiases(layer), ops, 1, out)) : product;
        return inOneRow(sum, ops, x, out);
    }

    private Value ofRows(String stack, Ops ops, long rows, long columns) {
        Shape shape = Shape.of(adapters.count(), rows, columns);
        Value all = parameters.get(new Parameter(stack, shape, Role.MATRIX, stack, false));
        return ops.gather(all, numbers, 0);
    }

    /** {@code [batch, width]} as {@code [batch, 1, width]}. */
    private static Value rows(Ops ops, Value x) {
        return x.shape().rank() == 2 ? ops.unsqueeze(x, ops.vector(1)) : x;
    }

    private static Value inOneRow(Value y, Ops ops, Value x, long out) {
        return x.shape().rank() == 2 ? ops.reshape(y, Shape.of(BATCH, out)) : y;
    }
}
