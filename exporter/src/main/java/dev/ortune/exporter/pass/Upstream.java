package dev.ortune.exporter.pass;

import dev.ortune.exporter.graph.Node;
import java.util.Map;

/**
 * Looks up along a graph's edges, from a value to what it was made of.
 *
 * @param producers the node that makes each value
 */
record Upstream(Map<String, Node> producers) {
    /** The node that makes a value, if it is ONNX's own {@code operator}; else null. */
    Node producer(String value, String operator) {
        Node node = producers.get(value);
        return node != null && node.is(operator) ? node : null;
    }

    /** The node at the end of a chain of operators, each the maker of the first computed input of the one before; or null. */
    Node up(String value, String... operators) {
        Node node = null;
        String next = value;
        for (String operator : operators) {
            node = next == null ? null : producer(next, operator);
            next = node == null ? null : computedInput(node);
        }
        return node;
    }

    /** The first input that is no constant and no input of the graph; null where there is none. */
    String computedInput(Node node) {
        return node.inputs().stream().filter(producers::containsKey).findFirst().orElse(null);
    }
}
