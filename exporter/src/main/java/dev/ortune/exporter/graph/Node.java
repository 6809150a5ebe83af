package dev.ortune.exporter.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One operator at work.
 *
 * @param operator what it computes, such as {@code MatMul}
 * @param domain whose operator it is; empty for ONNX's own
 * @param name unique in its graph
 * @param inputs names of values; empty for an optional one that is left out
 * @param outputs names of the values it makes; empty for an optional one that nobody asks for
 */
public record Node(
        String operator,
        String domain,
        String name,
        List<String> inputs,
        List<String> outputs,
        List<AttributeProto> attributes) {
    /** ONNX's own operators. */
    public static final String STANDARD = "";

    /** ONNX Runtime's. */
    public static final String MICROSOFT = "com.microsoft";

    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }

    /** A standard operator without attributes. */
    public static Node of(String operator, String name, List<String> inputs, String... outputs) {
        return new Node(operator, STANDARD, name, inputs, List.of(outputs), List.of());
    }

    /** The same node in ONNX Runtime's domain. */
    public Node microsoft() {
        return new Node(operator, MICROSOFT, name, inputs, outputs, attributes);
    }

    public Node with(String attribute, long value) {
        return with(AttributeProto.newBuilder()
                .setName(attribute)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value));
    }

    public Node with(String attribute, float value) {
        return with(AttributeProto.newBuilder()
                .setName(attribute)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value));
    }

    public Node with(String attribute, String value) {
        return with(AttributeProto.newBuilder()
                .setName(attribute)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(ByteString.copyFromUtf8(value)));
    }

    public Node with(String attribute, List<Long> values) {
        return with(AttributeProto.newBuilder()
                .setName(attribute)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(values));
    }

    private Node with(AttributeProto.Builder attribute) {
        List<AttributeProto> all = new ArrayList<>(without(attribute.getName()).attributes);
        all.add(attribute.build());
        return new Node(operator, domain, name, inputs, outputs, all);
    }

    public Node without(String attribute) {
        List<AttributeProto> others = attributes.stream()
                .filter(other -> !other.getName().equals(attribute))
                .toList();
        return new Node(operator, domain, name, inputs, outputs, others);
    }

    public Node withInputs(List<String> others) {
        return new Node(operator, domain, name, others, outputs, attributes);
    }

    public Node withOutputs(List<String> others) {
        return new Node(operator, domain, name, inputs, others, attributes);
    }

    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    public String output() {
        return outputs.get(0);
    }

    /** Whether it is ONNX's own {@code other}. */
    public boolean is(String other) {
        return operator.equals(other) && domain.equals(STANDARD);
    }

    public long attribute(String attribute, long otherwise) {
        return find(attribute).map(AttributeProto::getI).orElse(otherwise);
    }

    public List<Long> attribute(String attribute, List<Long> otherwise) {
        return find(attribute).map(AttributeProto::getIntsList).orElse(otherwise);
    }

    private Optional<AttributeProto> find(String attribute) {
        return attributes.stream()
                .filter(other -> other.getName().equals(attribute))
                .findFirst();
    }
}
