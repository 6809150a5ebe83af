package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.pass.DeadCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of 8-bit integers as products of doubles, whose 53 bits hold every sum exactly. Processors with 8-bit
 * instructions but no dot product (x86 with AVX2 alone) add pairs in 16 bits, which may overflow; this is what their
 * answers are held against.
 */
public final class ExactIntegers {
    private ExactIntegers() {}

    /** Whether a graph has any such product. */
    public static boolean areIn(Graph graph) {
        return graph.nodes().stream().anyMatch(node -> node.is("MatMulInteger"));
    }

    /** The same graph without integer products. */
    public static Graph of(Graph graph) {
        Graph exact = graph.copy();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (node.is("MatMulInteger")) {
                nodes.addAll(product(node));
            } else {
                nodes.add(node);
            }
        }
        exact.replaceNodes(nodes);
        // Of zero points that nothing reads any more ONNX Runtime would warn.
        new DeadCode().apply(exact);
        return exact;
    }

    /** Of {@code [rows, in]} with one zero point, and {@code [in, out]} whose zero point is zero. */
    private static List<Node> product(Node node) {
        String name = node.output() + "/exact";
        List<Node> nodes = new ArrayList<>();
        String left = cast(nodes, node.input(0), name + "_left", ElementType.DOUBLE);
        if (node.inputs().size() > 2) {
            String zero = cast(nodes, node.input(2), name + "_zero", ElementType.DOUBLE);
            nodes.add(Node.of("Sub", name + "/Sub", List.of(left, zero), name + "_centred"));
            left = name + "_centred";
        }
        String right = cast(nodes, node.input(1), name + "_right", ElementType.DOUBLE);
        nodes.add(Node.of("MatMul", name + "/MatMul", List.of(left, right), name + "_product"));
        cast(nodes, name + "_product", node.output(), ElementType.INT32);
        return nodes;
    }

    private static String cast(List<Node> nodes, String from, String to, ElementType type) {
        nodes.add(Node.of("Cast", to + "/Cast", List.of(from), to).with("to", type.code()));
        return to;
    }
}
