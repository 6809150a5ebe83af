package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The RMSNorms of a graph, {@code x / sqrt(mean(x^2) + epsilon) * scale} in ONNX's operators, and the residual stream that they
 * read.
 */
final class RootMeanSquares {
    private final Map<String, Node> producers;
    /** What the parts of all norms make. */
    private final Set<String> parts = new HashSet<>();
    /** What the norms are of, and all that was added up to it. */
    private final Set<String> stream = new HashSet<>();

    private RootMeanSquares(Map<String, Node> producers) {
        this.producers = producers;
    }

    static RootMeanSquares of(Graph graph) {
        RootMeanSquares norms = new RootMeanSquares(graph.producers());
        Map<String, List<Node>> consumers = graph.consumers();
        for (Node mean : graph.nodes()) {
            if (mean.is("ReduceMean")) {
                norms.add(mean, consumers);
            }
        }
        return norms;
    }

    private void add(Node mean, Map<String, List<Node>> consumers) {
        Node square = producers.get(mean.input(0));
        Node shifted = only(consumers, mean, "Add");
        Node root = shifted == null ? null : only(consumers, shifted, "Sqrt");
        Node normal = root == null ? null : only(consumers, root, "Div");
        Node scaled = normal == null ? null : only(consumers, normal, "Mul");
        if (square == null
                || !square.is("Pow")
                || scaled == null
                || !normal.input(0).equals(square.input(0))) {
            return;
        }
        for (Node part : List.of(square, mean, shifted, root, normal, scaled)) {
            parts.add(part.output());
        }
        follow(square.input(0));
    }

    private static Node only(Map<String, List<Node>> consumers, Node node, String operator) {
        List<Node> next = consumers.getOrDefault(node.output(), List.of());
        return next.size() == 1 && next.get(0).is(operator) ? next.get(0) : null;
    }

    private void follow(String value) {
        Node sum = producers.get(value);
        if (sum != null && sum.is("Add") && stream.add(value)) {
            sum.inputs().forEach(this::follow);
        }
    }

    /** Whether a node is one of those that a norm is made of. */
    boolean isPart(Node node) {
        return parts.contains(node.output());
    }

    /**
     * Whether a node is a norm's, a sum of the residual stream, or a product that goes into it after a function, as at the end of a
     * feed-forward block; those after attention only put heads together again.
     */
    boolean keepInFloats(Node node) {
        return isPart(node) || stream.contains(node.output()) || endsFeedForward(node);
    }

    private boolean endsFeedForward(Node node) {
        Node before = node.is("MatMul") ? producers.get(node.input(0)) : null;
        return before != null
                && !before.is("Reshape")
                && stream.stream().anyMatch(sum -> producers.get(sum).inputs().contains(node.output()));
    }
}
