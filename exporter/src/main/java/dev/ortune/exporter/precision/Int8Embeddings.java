package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.pass.Pass;
import java.util.List;

/** Tables of embeddings as 8-bit integers with a scale a row; only the rows that a text needs are turned into floats. */
final class Int8Embeddings implements Pass {
    /** Smaller tables, such as that of the token types, stay as they are. */
    private static final long FEWEST_ROWS = 64;

    @Override
    public void apply(Graph graph) {
        MatrixProducts.replaceLookups(graph, node -> lookup(graph, node));
    }

    private static List<Node> lookup(Graph graph, Node node) {
        String table = node.input(0);
        Tensor floats = graph.constants().get(table);
        if (floats.shape()[0] < FEWEST_ROWS) {
            return List.of(node);
        }
        Int8Matrix matrix = Int8Matrix.byRow(floats);
        String integers = graph.addConstant(table + "_int8", matrix.integers());
        String scales = graph.addConstant(
                table + "_scale", Tensor.floats(new long[] {matrix.scales().length, 1}, matrix.scales()));
        String name = node.name();
        String ids = node.input(1);
        return List.of(
                Node.of("Gather", name + "/Integers", List.of(integers, ids), name + "_integer"),
                Node.of("Cast", name + "/Cast", List.of(name + "_integer"), name + "_float")
                        .with("to", ElementType.FLOAT.code()),
                Node.of("Gather", name + "/Scales", List.of(scales, ids), name + "_scale"),
                Node.of("Mul", name + "/Mul", List.of(name + "_float", name + "_scale"), node.output()));
    }
}
