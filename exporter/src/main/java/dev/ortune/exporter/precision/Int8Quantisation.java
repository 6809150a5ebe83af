package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.pass.Pass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Dynamic quantisation in standard operators: weights are 8-bit integers with a scale an output channel, activations are
 * quantised when the graph runs, with a scale a tensor, and products are sums of integers. ONNX Runtime fuses the pattern
 * to one kernel that uses the processor's 8-bit instructions.
 */
public final class Int8Quantisation implements Pass {
    private final boolean keepEmbeddings;

    /**
     * Of the products, and of the tables too.
     *
     * @param keepEmbeddings leaves the tables as they are
     */
    public Int8Quantisation(boolean keepEmbeddings) {
        this.keepEmbeddings = keepEmbeddings;
    }

    @Override
    public void apply(Graph graph) {
        Map<String, Node> activations = new HashMap<>();
        MatrixProducts.replace(graph, node -> product(graph, node, activations));
        if (!keepEmbeddings) {
            new Int8Embeddings().apply(graph);
        }
    }

    private static List<Node> product(Graph graph, Node node, Map<String, Node> activations) {
        String weight = node.input(1);
        Int8Matrix matrix = Int8Matrix.byColumn(graph.constants().get(weight));
        String integers = graph.addConstant(weight + "_int8", matrix.integers());
        String scales = graph.addConstant(
                weight + "_scale", Tensor.floats(new long[] {matrix.scales().length}, matrix.scales()));
        List<Node> nodes = new ArrayList<>();
        Node activation = activations.computeIfAbsent(node.input(0), input -> {
            Node quantised = Node.of(
                    "DynamicQuantizeLinear",
                    input + "/DynamicQuantizeLinear",
                    List.of(input),
                    input + "_quantised",
                    input + "_scale",
                    input + "_zero_point");
            nodes.add(quantised);
            return quantised;
        });
        nodes.addAll(scaled(node, activation.outputs(), integers, scales));
        return nodes;
    }

    /** The integer product as a real number again: times the scale of the activations and that of each column. */
    private static List<Node> scaled(Node node, List<String> activation, String integers, String scales) {
        String name = node.name();
        return List.of(
                Node.of(
                        "MatMulInteger",
                        name + "/MatMulInteger",
                        List.of(activation.get(0), integers, activation.get(2)),
                        name + "_integer"),
                Node.of("Cast", name + "/Cast", List.of(name + "_integer"), name + "_float")
                        .with("to", ElementType.FLOAT.code()),
                Node.of("Mul", name + "/Scale", List.of(activation.get(1), scales), name + "_scale"),
                Node.of("Mul", name + "/Mul", List.of(name + "_float", name + "_scale"), node.output()));
    }
}
