package dev.ortune.exporter.pass;

import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.OnnxWriter;

/** A node whose inputs are all constants, as a model of its own. */
final class SingleNode {
    private SingleNode() {}

    static byte[] model(Graph graph, Node node) {
        Graph alone = new Graph(node.name(), graph.opset());
        for (String input : node.inputs()) {
            if (!input.isEmpty()) {
                alone.constants().put(input, graph.constants().get(input));
            }
        }
        alone.nodes().add(node);
        return OnnxWriter.toBytes(alone, node.outputs());
    }
}
