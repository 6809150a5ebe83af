package dev.ortune.exporter.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX graph that passes change: inputs, constants, nodes in an order in which they can run, and outputs. */
public final class Graph {
    private final String name;
    private final long opset;
    private final Map<String, ValueType> inputs = new LinkedHashMap<>();
    private final Map<String, ValueType> outputs = new LinkedHashMap<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    public Graph(String name, long opset) {
        this.name = name;
        this.opset = opset;
    }

    /** The same graph with nodes, constants and metadata of its own; tensors are shared, since nobody changes them. */
    public Graph copy() {
        return copy(opset);
    }

    /** The same graph with another version of ONNX's operators. */
    public Graph copy(long otherOpset) {
        Graph copy = new Graph(name, otherOpset);
        copy.inputs.putAll(inputs);
        copy.outputs.putAll(outputs);
        copy.constants.putAll(constants);
        copy.metadata.putAll(metadata);
        nodes.forEach(node -> copy.nodes.add(Reductions.forOpsetOf(copy, node)));
        return copy;
    }

    public String name() {
        return name;
    }

    /** Version of ONNX's own operators. */
    public long opset() {
        return opset;
    }

    public Map<String, ValueType> inputs() {
        return inputs;
    }

    public Map<String, ValueType> outputs() {
        return outputs;
    }

    public Map<String, Tensor> constants() {
        return constants;
    }

    /** Free text that travels with the file. */
    public Map<String, String> metadata() {
        return metadata;
    }

    public List<Node> nodes() {
        return nodes;
    }

    /** Puts other nodes in the place of all, in an order in which they can run. */
    public void replaceNodes(List<Node> others) {
        nodes.clear();
        nodes.addAll(others);
    }

    /** Adds a constant under a name like {@code wanted}; the name. */
    public String addConstant(String wanted, Tensor tensor) {
        String free = wanted;
        for (int i = 1; constants.containsKey(free); i++) {
            free = wanted + "_" + i;
        }
        constants.put(free, tensor);
        return free;
    }

    /** The node that makes each value. */
    public Map<String, Node> producers() {
        Map<String, Node> producers = new HashMap<>();
        for (Node node : nodes) {
            node.outputs().forEach(output -> producers.put(output, node));
        }
        return producers;
    }

    /** The nodes that take each value. */
    public Map<String, List<Node>> consumers() {
        Map<String, List<Node>> consumers = new HashMap<>();
        for (Node node : nodes) {
            for (String input : node.inputs()) {
                consumers.computeIfAbsent(input, none -> new ArrayList<>()).add(node);
            }
        }
        return consumers;
    }
}
