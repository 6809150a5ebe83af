package dev.ortune.exporter.precision;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.pass.Pass;
import dev.ortune.exporter.weights.Half;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Half precision for GPUs: weights and what is computed from them are FLOAT16; the texts go in as INT64 and the logits come
 * out as FLOAT. LayerNormalization computes mean and variance in float32 ({@code stash_type}), and ONNX Runtime's GPU
 * kernels of Softmax sum in float32 by themselves. A weight that is larger than a half can be is an error.
 */
public final class HalfPrecision implements Pass {
    @Override
    public void apply(Graph graph) {
        graph.constants().replaceAll(HalfPrecision::halved);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(halved(graph, node));
        }
        graph.outputs()
                .forEach((output, type) -> nodes.add(Node.of("Cast", output + "/Cast", List.of(half(output)), output)
                        .with("to", type.type().code())));
        graph.replaceNodes(nodes);
    }

    private static Node halved(Graph graph, Node node) {
        List<String> outputs = node.outputs().stream()
                .map(output -> graph.outputs().containsKey(output) ? half(output) : output)
                .toList();
        boolean toFloat = node.is("Cast") && node.attribute("to", 0L) == ElementType.FLOAT.code();
        Node result = toFloat ? node.with("to", ElementType.FLOAT16.code()) : node;
        return (result.is("LayerNormalization") ? result.with("stash_type", 1) : result).withOutputs(outputs);
    }

    private static String half(String output) {
        return output + "_half";
    }

    private static Tensor halved(String name, Tensor tensor) {
        if (tensor.type() != ElementType.FLOAT) {
            return tensor;
        }
        FloatBuffer values = tensor.floats();
        while (values.hasRemaining()) {
            float value = values.get();
            if (!(Math.abs(value) <= Half.MAX)) {
                throw new OrtuneException("tensor " + name + " holds " + value
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
