package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The places of a graph where nearly all weights and nearly all work are: products with constant matrices, look-ups. */
final class MatrixProducts {
    /** Matrices with fewer columns than this, such as a classifier's, cost nothing and decide everything. */
    private static final long FEWEST_COLUMNS = 64;

    private MatrixProducts() {}

    /** Puts other nodes in the place of each product of activations and a constant matrix {@code [in, out]}. */
    static void replace(Graph graph, Function<Node, List<Node>> replacement) {
        replaceWhere(graph, node -> isProduct(graph, node) ? replacement.apply(node) : null);
    }

    /** Puts other nodes in the place of each look-up of rows in a constant table {@code [rows, width]}. */
    static void replaceLookups(Graph graph, Function<Node, List<Node>> replacement) {
        replaceWhere(graph, node -> isLookup(graph, node) ? replacement.apply(node) : null);
    }

    private static void replaceWhere(Graph graph, Function<Node, List<Node>> replacement) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<Node> others = replacement.apply(node);
            nodes.addAll(others == null ? List.of(node) : others);
        }
        graph.replaceNodes(nodes);
    }

    private static boolean isProduct(Graph graph, Node node) {
        return node.is("MatMul") && isMatrix(graph, node.input(1)) && columns(graph, node) >= FEWEST_COLUMNS;
    }

    private static long columns(Graph graph, Node node) {
        return graph.constants().get(node.input(1)).shape()[1];
    }

    private static boolean isLookup(Graph graph, Node node) {
        return node.is("Gather") && node.attribute("axis", 0L) == 0 && isMatrix(graph, node.input(0));
    }

    private static boolean isMatrix(Graph graph, String value) {
        Tensor tensor = graph.constants().get(value);
        return tensor != null && tensor.type() == ElementType.FLOAT && tensor.shape().length == 2;
    }
}
