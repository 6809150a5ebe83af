package dev.ortune.exporter.pass;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes once what depends on constants alone. Transposed matrices, the large ones, are turned around when the file is
 * written; everything else ONNX Runtime computes here, a node at a time.
 */
public final class ConstantFolding implements Pass {
    /** A result above this size, in bytes, would have to be kept in memory. */
    private static final long LARGEST = 16L << 20;
    /** What a folded transpose adds to its weight's name. */
    public static final String TRANSPOSED = "_transposed";

    private final Path file;

    /**
     * Of a model's graph.
     *
     * @param file the graph's file, for messages
     */
    public ConstantFolding(Path file) {
        this.file = file;
    }

    @Override
    public void apply(Graph graph) {
        List<Node> nodes = new ArrayList<>();
        Map<String, String> renamed = new HashMap<>();
        for (Node original : graph.nodes()) {
            Node node = original.withInputs(original.inputs().stream()
                    .map(input -> renamed.getOrDefault(input, input))
                    .toList());
            if (!folded(graph, node, renamed)) {
                nodes.add(node);
            }
        }
        graph.replaceNodes(nodes);
    }

    private boolean folded(Graph graph, Node node, Map<String, String> renamed) {
        boolean constant = node.inputs().stream().allMatch(input -> input.isEmpty() || isConstant(graph, input));
        boolean named = node.outputs().stream().anyMatch(graph.outputs()::containsKey);
        if (!constant
                || named
                || !node.domain().equals(Node.STANDARD)
                || node.operator().startsWith("Random")) {
            return false;
        }
        if (node.is("Transpose") && isMatrix(graph.constants().get(node.input(0)))) {
            // It keeps the weight's name, by which people know it.
            Tensor transposed = graph.constants().get(node.input(0)).transposed();
            renamed.put(node.output(), graph.addConstant(node.input(0) + TRANSPOSED, transposed));
            return true;
        }
        long size = node.inputs().stream()
                .filter(input -> !input.isEmpty())
                .mapToLong(input -> graph.constants().get(input).size())
                .sum();
        return size <= LARGEST && computed(graph, node);
    }

    private static boolean isConstant(Graph graph, String value) {
        return graph.constants().containsKey(value);
    }

    private static boolean isMatrix(Tensor tensor) {
        return tensor.shape().length == 2 && tensor.type() == ElementType.FLOAT;
    }

    private boolean computed(Graph graph, Node node) {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = environment.createSession(SingleNode.model(graph, node), options);
                OrtSession.Result result = session.run(Map.of())) {
            List<Tensor> tensors = new ArrayList<>();
            for (Map.Entry<String, OnnxValue> entry : result) {
                if (!(entry.getValue() instanceof OnnxTensor value)
                        || value.getByteBuffer().remaining() > LARGEST) {
                    return false;
                }
                tensors.add(tensor(value));
            }
            List<String> outputs =
                    node.outputs().stream().filter(output -> !output.isEmpty()).toList();
            for (int i = 0; i < outputs.size(); i++) {
                graph.constants().put(outputs.get(i), tensors.get(i));
            }
            return true;
        } catch (OrtException e) {
            throw new OrtuneException(
                    file + ": node " + Printable.of(node.name()) + " (" + Printable.of(node.operator())
                            + ") takes constants that ONNX Runtime cannot compute it from: "
                            + Printable.of(e.getMessage()),
                    e);
        }
    }

    private static Tensor tensor(OnnxTensor value) {
        // Its own numbers of the types are not ONNX's, but the names are.
        String name = value.getInfo().onnxType.name();
        ElementType type = ElementType.valueOf(name.substring(name.lastIndexOf('_') + 1));
        ByteBuffer bytes = value.getByteBuffer();
        ByteBuffer copy = Tensor.buffer(bytes.remaining()).put(bytes).flip();
        return Tensor.of(type, value.getInfo().getShape(), copy);
    }
}
