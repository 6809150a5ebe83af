package dev.ortune.exporter.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Operators that make one number of all along some axes. Those axes were an attribute and are an input from opset 18 on
 * (github.com/onnx/onnx/blob/main/docs/Changelog.md); ReduceSum has had the input since 13.
 */
public final class Reductions {
    private static final long AXES_ARE_INPUT = 18;
    private static final String AXES = "axes";
    private static final Set<String> OPERATORS = Set.of(
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSumSquare");

    private Reductions() {}

    /** A node along the last axis, which stays as one of size 1, as {@code graph}'s opset has it. */
    public static Node alongLastAxis(Graph graph, String operator, String name, String input, String output) {
        return forOpsetOf(graph, Node.of(operator, name, List.of(input), output).with(AXES, List.of(-1L)));
    }

    /** A node of opset 17, as {@code graph}'s opset has it. */
    static Node forOpsetOf(Graph graph, Node node) {
        List<Long> axes = node.attribute(AXES, List.of());
        if (graph.opset() < AXES_ARE_INPUT || axes.isEmpty() || !isReduction(node)) {
            return node;
        }
        long[] values = axes.stream().mapToLong(Long::longValue).toArray();
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.add(graph.addConstant(node.name() + "/" + AXES, Tensor.longs(new long[] {values.length}, values)));
        return node.without(AXES).withInputs(inputs);
    }

    private static boolean isReduction(Node node) {
        return node.domain().equals(Node.STANDARD) && OPERATORS.contains(node.operator());
    }
}
