package dev.ortune.exporter.precision;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.ShapeInference;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.pass.ConstantFolding;
import dev.ortune.exporter.pass.Pass;
import dev.ortune.exporter.weights.Half;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Half precision for GPUs: the products, which are nearly all work and all large weights, are FLOAT16. What loses digits in
 * halves and costs little stays FLOAT: LayerNormalization, or RMSNorm in its operators, with the sum before it, so the residual
 * stream is one of floats, Softmax, and the classifier's head. With RMSNorms so do the products that end feed-forward blocks: T5's
 * are larger than a half can be, which is why transformers keeps its {@code wo} in floats. The texts go in as INT64 and the logits come out as FLOAT. A weight that is larger
 * than a half can be is an error.
 */
public final class HalfPrecision implements Pass {
    private static final Set<String> FLOAT_OPERATORS =
            Set.of("LayerNormalization", "Softmax", "LogSoftmax", "SkipLayerNormalization", "EmbedLayerNormalization");

    /** What is wider than this in a head of tokens is no classifier's: a vocabulary, say. */
    private static final long WIDEST_HEAD = 64;

    private final Path file;
    private Graph graph;
    private Map<String, ValueType> types;
    private Map<String, List<Node>> consumers;
    private Set<String> beforeFloats;
    private RootMeanSquares norms;
    private Map<String, Tensor> weights;
    /** By value and type, the name under which it has that type. */
    private final Map<String, String> names = new HashMap<>();

    private final Map<String, ElementType> made = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    /**
     * Of a model's graph.
     *
     * @param file the weights' file, for messages
     */
    public HalfPrecision(Path file) {
        this.file = file;
    }

    @Override
    public void apply(Graph target) {
        graph = target;
        types = ShapeInference.of(graph);
        consumers = graph.consumers();
        norms = RootMeanSquares.of(graph);
        beforeFloats = beforeFloats();
        weights = new HashMap<>(graph.constants());
        weights.values().removeIf(tensor -> tensor.type() != ElementType.FLOAT);
        graph.constants().keySet().removeAll(weights.keySet());
        graph.nodes().forEach(this::convert);
        graph.outputs().keySet().forEach(this::restore);
        graph.replaceNodes(nodes);
    }

    private void convert(Node node) {
        ElementType type = staysFloat(node) ? ElementType.FLOAT : ElementType.FLOAT16;
        List<String> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
            inputs.add(isFloat(input) ? as(input, type) : input);
        }
        boolean toFloat = node.is("Cast") && node.attribute("to", 0L) == ElementType.FLOAT.code();
        Node converted = toFloat ? node.with("to", type.code()) : node;
        nodes.add(converted.withInputs(inputs));
        node.outputs().stream().filter(this::isFloat).forEach(output -> made.put(output, type));
    }

    private boolean staysFloat(Node node) {
        List<Node> next = consumers.getOrDefault(node.output(), List.of());
        boolean sum = node.is("Add")
                && next.stream().anyMatch(consumer -> consumer.is("LayerNormalization"))
                // Where norms come first, the sum goes on to the next one beside them.
                && next.stream().allMatch(consumer -> consumer.is("LayerNormalization") || consumer.is("Add"));
        return FLOAT_OPERATORS.contains(node.operator()) || sum || norms.keepInFloats(node) || isHead(node);
    }

    /** What comes after the last normalisation: of a text all of it, of each token what is as narrow as a classifier. */
    private boolean isHead(Node node) {
        ValueType type = types.get(node.output());
        if (type == null || node.outputs().stream().anyMatch(beforeFloats::contains)) {
            return false;
        }
        Dim last = type.rank() == 0 ? Dim.of(1) : type.shape().get(type.rank() - 1);
        return type.rank() <= 2 || (last.fixed() && last.size() < WIDEST_HEAD);
    }

    /** All values that an operator which stays FLOAT is computed from. */
    private Set<String> beforeFloats() {
        Set<String> values = new HashSet<>();
        List<Node> backwards = new ArrayList<>(graph.nodes());
        Collections.reverse(backwards);
        for (Node node : backwards) {
            if (FLOAT_OPERATORS.contains(node.operator())
                    || norms.isPart(node)
                    || node.outputs().stream().anyMatch(values::contains)) {
                values.addAll(node.inputs());
            }
        }
        return values;
    }

    private boolean isFloat(String value) {
        return types.containsKey(value) && types.get(value).type() == ElementType.FLOAT;
    }

    /** The name of a value or a weight in a type; converts it where it is of the other. */
    private String as(String value, ElementType type) {
        return names.computeIfAbsent(value + " " + type, key -> {
            Tensor weight = weights.get(value);
            if (weight != null) {
                boolean half = type == ElementType.FLOAT16;
                return graph.addConstant(half ? value : value + "_float", half ? halved(value, weight) : weight);
            }
            if (made.get(value) == type) {
                return value;
            }
            String name = value + (type == ElementType.FLOAT16 ? "_half" : "_float");
            nodes.add(Node.of("Cast", name + "/Cast", List.of(value), name).with("to", type.code()));
            return name;
        });
    }

    /** An output stays FLOAT, whoever makes it. */
    private void restore(String output) {
        if (made.get(output) == ElementType.FLOAT16) {
            String half = output + "_half";
            // Whoever reads it reads halves.
            nodes.replaceAll(node -> node.withOutputs(renamed(node.outputs(), output, half))
                    .withInputs(renamed(node.inputs(), output, half)));
            nodes.add(Node.of("Cast", output + "/Cast", List.of(half), output).with("to", ElementType.FLOAT.code()));
        }
    }

    private static List<String> renamed(List<String> names, String from, String to) {
        return names.stream().map(name -> name.equals(from) ? to : name).toList();
    }

    private Tensor halved(String name, Tensor tensor) {
        FloatBuffer values = tensor.floats();
        while (values.hasRemaining()) {
            float value = values.get();
            if (!(Math.abs(value) <= Half.MAX)) {
                String weight = name.replaceFirst(ConstantFolding.TRANSPOSED + "$", "");
                throw new OrtuneException(file + ": tensor " + Printable.of(weight) + " holds " + value
                        + ", which half precision cannot (at most " + Half.MAX + "); export it with --precision fp32");
            }
        }
        return new Tensor(ElementType.FLOAT16, tensor.shape(), () -> halves(tensor));
    }

    private static ByteBuffer halves(Tensor tensor) {
        FloatBuffer values = tensor.floats();
        ByteBuffer halves = Tensor.buffer(2L * values.remaining());
        while (values.hasRemaining()) {
            halves.putShort(Half.of(values.get()));
        }
        return halves.flip();
    }
}
