package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Reductions;
import dev.ortune.exporter.graph.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Each token's activations are divided by the largest of them, so that all have the same zero point and the same unit. A token
 * of zeros has a largest one of zero: whatever 0 / 0 is rounded to, it is multiplied by zero in the end.
 */
final class RoundingByToken implements ActivationRounding {
    /** What the largest becomes, and its opposite; as of {@link Int8Matrix}. */
    private static final float LARGEST = 127;

    private static final byte ZERO_POINT = (byte) 128;

    private final Graph graph;
    private final String unit;
    private final String zeroPoint;

    /** Adds the constants that all places of a graph share. */
    RoundingByToken(Graph graph) {
        this.graph = graph;
        this.unit = graph.addConstant("activation_unit", Tensor.scalar(unit()));
        ByteBuffer zero = Tensor.buffer(1).put(ZERO_POINT).flip();
        this.zeroPoint = graph.addConstant("activation_zero_point", Tensor.of(ElementType.UINT8, new long[0], zero));
    }

    @Override
    public float unit() {
        return 1 / LARGEST;
    }

    @Override
    public Rounded round(String value, List<Node> nodes) {
        Rounded rounded = new Rounded(value + "_quantised", zeroPoint, value + "_largest");
        nodes.add(Node.of("Abs", value + "/Abs", List.of(value), value + "_magnitude"));
        nodes.add(Reductions.alongLastAxis(
                graph, "ReduceMax", value + "/ReduceMax", value + "_magnitude", rounded.scale()));
        nodes.add(Node.of("Div", value + "/Div", List.of(value, rounded.scale()), value + "_normalised"));
        nodes.add(Node.of(
                "QuantizeLinear",
                value + "/QuantizeLinear",
                List.of(value + "_normalised", unit, zeroPoint),
                rounded.integers()));
        return rounded;
    }

    /**
     * The weights' zero points are what the standard takes for granted. Where a session asks for exact products ({@code
     * session.x64quantprecision}), ONNX Runtime 1.28 ends the process at a product that has none and that it does not fuse, and
     * does not load products that share theirs.
     */
    @Override
    public List<String> operands(Rounded activations, String weights) {
        int columns = Math.toIntExact(graph.constants().get(weights).shape()[1]);
        Tensor zeros = Tensor.of(ElementType.INT8, new long[] {columns}, Tensor.buffer(columns));
        return List.of(
                activations.integers(),
                weights,
                activations.zeroPoint(),
                graph.addConstant(weights + "_zero_points", zeros));
    }

    /** Columns first: a scale of tokens and columns would be as large as the product. */
    @Override
    public List<Node> scaled(Node product, String sums, Rounded activations, String columns) {
        String name = product.name();
        return List.of(
                Node.of("Mul", name + "/Scale", List.of(sums, columns), name + "_scaled"),
                Node.of("Mul", name + "/Mul", List.of(name + "_scaled", activations.scale()), product.output()));
    }
}
