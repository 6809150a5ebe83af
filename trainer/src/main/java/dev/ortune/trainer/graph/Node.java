package dev.ortune.trainer.graph;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * One operator of a graph.
 *
 * @param operator ONNX's name for it, e.g. {@code MatMul}
 * @param domain the empty string for ONNX's own operators, {@code com.microsoft} for ONNX Runtime's
 * @param name unique in its graph
 * @param inputs in ONNX's order; null where an optional input is left out
 * @param outputs in ONNX's order
 * @param attributes long, float, String or long[] by name
 * @param inverse for a Gather whose rows are picked at most once: the way back; otherwise null
 */
public record Node(
        String operator,
        String domain,
        String name,
        List<Value> inputs,
        List<Value> outputs,
        Map<String, Object> attributes,
        RowInverse inverse) {
    public Node {
        inputs = Collections.unmodifiableList(Arrays.asList(inputs.toArray(Value[]::new)));
        outputs = List.copyOf(outputs);
        attributes = Map.copyOf(attributes);
    }

    public Value input(int index) {
        return inputs.get(index);
    }

    public Value output(int index) {
        return outputs.get(index);
    }

    /** An integer attribute, or the given default when the node does not carry it. */
    public long attribute(String attribute, long otherwise) {
        return attributes.get(attribute) instanceof Long value ? value : otherwise;
    }

    /** A float attribute, or the given default when the node does not carry it. */
    public float attribute(String attribute, float otherwise) {
        return attributes.get(attribute) instanceof Float value ? value : otherwise;
    }
}
