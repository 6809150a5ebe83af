package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.pass.Pass;
import dev.ortune.exporter.precision.ActivationRounding.Rounded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Dynamic quantisation in standard operators: weights are 8-bit integers with a scale an output channel, activations are
 * quantised when the graph runs, and products are sums of integers.
 */
public final class Int8Quantisation implements Pass {
    private final boolean keepEmbeddings;
    private final ActivationScale scale;

    /**
     * Of the products, and of the tables too.
     *
     * @param keepEmbeddings leaves the tables as they are
     * @param scale of activations
     */
    public Int8Quantisation(boolean keepEmbeddings, ActivationScale scale) {
        this.keepEmbeddings = keepEmbeddings;
        this.scale = scale;
    }

    @Override
    public void apply(Graph graph) {
        ActivationRounding rounding = scale.rounding(graph);
        Map<String, Rounded> activations = new HashMap<>();
        MatrixProducts.replace(graph, node -> product(graph, node, rounding, activations));
        if (!keepEmbeddings) {
            new Int8Embeddings().apply(graph);
        }
    }

    /** What several products take, such as a layer's queries, keys and values, is rounded once. */
    private static List<Node> product(
            Graph graph, Node node, ActivationRounding rounding, Map<String, Rounded> activations) {
        List<Node> nodes = new ArrayList<>();
        Rounded rounded = activations.computeIfAbsent(node.input(0), value -> rounding.round(value, nodes));
        String weight = node.input(1);
        Int8Matrix matrix = Int8Matrix.byColumn(graph.constants().get(weight));
        String integers = graph.addConstant(weight + "_int8", matrix.integers());
        String columns = graph.addConstant(weight + "_scale", scales(matrix, rounding.unit()));
        String sums = node.name() + "_float";
        nodes.add(Node.of(
                "MatMulInteger",
                node.name() + "/MatMulInteger",
                rounding.operands(rounded, integers),
                node.name() + "_integer"));
        nodes.add(Node.of("Cast", node.name() + "/Cast", List.of(node.name() + "_integer"), sums)
                .with("to", ElementType.FLOAT.code()));
        nodes.addAll(rounding.scaled(node, sums, rounded, columns));
        return nodes;
    }

    private static Tensor scales(Int8Matrix matrix, float unit) {
        float[] scales = matrix.scales().clone();
        for (int column = 0; column < scales.length; column++) {
            scales[column] *= unit;
        }
        return Tensor.floats(new long[] {scales.length}, scales);
    }
}
