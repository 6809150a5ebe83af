package dev.ortune.exporter.family;

import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.graph.ValueType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A graph whose nodes and values are called as {@code ortune train} calls them: by module, operator and a number. */
final class GraphBuilder {
    private final Graph graph = new Graph("tiny", 17);
    private final Map<String, Integer> used = new HashMap<>();

    Graph graph() {
        return graph;
    }

    /** An input that a tokenizer makes, INT64 [batch, sequence]. */
    String text(String name) {
        graph.inputs().put(name, new ValueType(ElementType.INT64, List.of(Dim.of("batch"), Dim.of("sequence"))));
        return name;
    }

    String weight(String name, long... shape) {
        graph.inputs().put(name, ValueType.of(ElementType.FLOAT, shape));
        return name;
    }

    /** Gives a value the name of an output. */
    void output(String value, String name, Dim... shape) {
        graph.nodes().replaceAll(node -> node.withInputs(renamed(node.inputs(), value, name))
                .withOutputs(renamed(node.outputs(), value, name)));
        graph.outputs().put(name, new ValueType(ElementType.FLOAT, List.of(shape)));
    }

    private static List<String> renamed(List<String> values, String from, String to) {
        return values.stream().map(value -> value.equals(from) ? to : value).toList();
    }

    String scalar(float value) {
        return graph.addConstant("constant", Tensor.scalar(value));
    }

    String index(long value) {
        return graph.addConstant("constant", Tensor.longs(new long[0], value));
    }

    String numbers(long... values) {
        return graph.addConstant("constant", Tensor.longs(new long[] {values.length}, values));
    }

    String add(String module, String operator, String... inputs) {
        return add(node(module, operator, inputs));
    }

    String cast(String module, String value, ElementType type) {
        return add(node(module, "Cast", value).with("to", type.code()));
    }

    String gather(String module, String table, String ids, long axis) {
        return add(node(module, "Gather", table, ids).with("axis", axis));
    }

    String transpose(String module, String value, Long... axes) {
        return add(node(module, "Transpose", value).with("perm", List.of(axes)));
    }

    /** x W' + b with W of [out, in]. */
    String linear(String module, String x, long in, long out) {
        String turned = transpose(module, weight(module + ".weight", out, in), 1L, 0L);
        return add(module, "Add", add(module, "MatMul", x, turned), weight(module + ".bias", out));
    }

    String layerNorm(String module, String x, long width, float epsilon) {
        String scale = weight(module + ".weight", width);
        String bias = weight(module + ".bias", width);
        Node node = node(module, "LayerNormalization", x, scale, bias)
                .with("axis", -1)
                .with("epsilon", epsilon);
        return add(node);
    }

    /** x (1 + erf(x / sqrt 2)) / 2. */
    String gelu(String module, String x) {
        String erf = add(module, "Erf", add(module, "Div", x, scalar((float) Math.sqrt(2))));
        String product = add(module, "Mul", x, add(module, "Add", erf, scalar(1)));
        return add(module, "Mul", product, scalar(0.5f));
    }

    private static Node node(String module, String operator, String... inputs) {
        return Node.of(operator, "/" + module.replace('.', '/') + "/" + operator, List.of(inputs), "");
    }

    private String add(Node node) {
        String name = node.name();
        int count = used.merge(name, 1, Integer::sum);
        String unique = count == 1 ? name : name + "_" + (count - 1);
        String output = unique + "_output_0";
        graph.nodes()
                .add(new Node(
                        node.operator(), node.domain(), unique, node.inputs(), List.of(output), node.attributes()));
        return output;
    }
}
