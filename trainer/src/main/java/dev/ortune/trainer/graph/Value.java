package dev.ortune.trainer.graph;

/**
 * A reference to one tensor of one graph: an input, a constant, or a node's output.
 *
 * @param graph the graph that owns it; operators refuse references of another graph
 * @param name its name in the ONNX file
 * @param type element type
 * @param shape dimensions
 */
public record Value(Graph graph, String name, ElementType type, Shape shape) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Value value && value.graph == graph && value.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name + " " + type + shape;
    }
}
