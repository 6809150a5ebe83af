package dev.ortune.trainer.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ONNX graph under construction: it owns its values, keeps their names unique and its nodes in an order in which they
 * can run. {@link Ops} adds operators to it, {@link OnnxFile} writes it.
 */
public final class Graph {
    private final String name;
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final Map<String, Value> outputs = new LinkedHashMap<>();
    private final Map<Value, String> outputNames = new HashMap<>();
    private final Map<Value, Constant> constants = new LinkedHashMap<>();
    private final Map<Constant, Value> constantsByContent = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> namesTaken = new HashMap<>();

    public Graph(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Declares a graph input; its name must be free. */
    public Value input(String inputName, ElementType type, Shape shape) {
        if (!unique(inputName).equals(inputName)) {
            throw new IllegalArgumentException("The graph already has a value named " + inputName);
        }
        Value value = new Value(this, inputName, type, shape);
        inputs.put(inputName, value);
        return value;
    }

    /** Makes a value an output of the graph; in the file it carries that name everywhere. */
    public void output(Value value, String outputName) {
        owned(value);
        if (!unique(outputName).equals(outputName)) {
            throw new IllegalArgumentException("The graph already has a value named " + outputName);
        }
        if (outputNames.put(value, outputName) != null) {
            throw new IllegalArgumentException(value.name() + " already is an output of the graph");
        }
        outputs.put(outputName, value);
    }

    /** A value's name in the file. */
    String fileName(Value value) {
        return outputNames.getOrDefault(value, value.name());
    }

    /** A constant tensor; equal constants are stored once. */
    public Value constant(Constant constant) {
        return constantsByContent.computeIfAbsent(constant, c -> {
            Value value = new Value(this, unique("constant"), c.type(), Shape.of(c.dims()));
            constants.put(value, c);
            return value;
        });
    }

    /** Appends a node with fresh names; types and shapes of its outputs come from the caller. */
    Node append(Node prototype, String scope, List<ElementType> types, List<Shape> shapes) {
        for (Value input : prototype.inputs()) {
            if (input != null) {
                owned(input);
            }
        }
        String nodeName = unique(scope + "/" + prototype.operator());
        List<Value> results = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            String resultName = unique(nodeName + "_output_" + i);
            results.add(new Value(this, resultName, types.get(i), shapes.get(i)));
        }
        Node node = new Node(
                prototype.operator(),
                prototype.domain(),
                nodeName,
                prototype.inputs(),
                results,
                prototype.attributes(),
                prototype.inverse());
        nodes.add(node);
        return node;
    }

    /**
     * Takes away nodes whose outputs nobody reads.
     *
     * @param from the number of the first one that may go
     * @param wanted values that are read elsewhere
     */
    public void removeUnread(int from, Collection<Value> wanted) {
        Set<Value> read = new HashSet<>(wanted);
        read.addAll(outputs.values());
        for (int i = nodes.size() - 1; i >= from; i--) {
            Node node = nodes.get(i);
            if (node.outputs().stream().noneMatch(read::contains)) {
                nodes.remove(i);
            } else {
                read.addAll(node.inputs());
            }
        }
    }

    public Map<String, Value> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    public Map<String, Value> outputs() {
        return Collections.unmodifiableMap(outputs);
    }

    public Map<Value, Constant> constants() {
        return Collections.unmodifiableMap(constants);
    }

    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }

    private void owned(Value value) {
        if (value.graph() != this) {
            throw new IllegalArgumentException(value.name() + " belongs to another graph: " + value.graph().name);
        }
    }

    private String unique(String wanted) {
        int count = namesTaken.merge(wanted, 1, Integer::sum);
        return count == 1 ? wanted : unique(wanted + "_" + (count - 1));
    }
}
