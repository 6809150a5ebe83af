package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.pass.Pass;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Weights of 4 bits where memory is small: blocks of 32 weights of an output channel share a scale, and ONNX Runtime's
 * MatMulNBits multiplies with them (github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md). Embeddings are
 * 8-bit integers as in {@link Int8Quantisation}. Needs ONNX Runtime's own operators.
 */
public final class BlockQuantisation implements Pass {
    private static final int BLOCK = 32;
    private static final int BITS = 4;
    private static final int ZERO = 8;

    /** Activations as 8-bit integers, the fastest of the kernel's ways. */
    private static final int ACCURACY_LEVEL = 4;

    private final boolean keepEmbeddings;

    /**
     * Of the products, and of the tables too.
     *
     * @param keepEmbeddings leaves the tables as they are
     */
    public BlockQuantisation(boolean keepEmbeddings) {
        this.keepEmbeddings = keepEmbeddings;
    }

    @Override
    public void apply(Graph graph) {
        MatrixProducts.replace(graph, node -> product(graph, node));
        if (!keepEmbeddings) {
            new Int8Embeddings().apply(graph);
        }
    }

    private static List<Node> product(Graph graph, Node node) {
        String weight = node.input(1);
        Tensor matrix = graph.constants().get(weight);
        int in = Math.toIntExact(matrix.shape()[0]);
        int out = Math.toIntExact(matrix.shape()[1]);
        if (in % BLOCK != 0) {
            return List.of(node);
        }
        // Channel by channel, [out, in], which is how the weights lay before they were transposed.
        Tensor channels = matrix.transposed();
        int blocks = in / BLOCK;
        float[] scales = scales(channels.floats(), out * blocks);
        String integers = graph.addConstant(
                weight + "_q4",
                new Tensor(
                        ElementType.UINT8,
                        new long[] {out, blocks, BLOCK / 2},
                        () -> packed(channels.floats(), scales)));
        String scale = graph.addConstant(weight + "_scale", Tensor.floats(new long[] {(long) out * blocks}, scales));
        return List.of(Node.of("MatMulNBits", node.name(), List.of(node.input(0), integers, scale), node.output())
                .microsoft()
                .with("K", in)
                .with("N", out)
                .with("bits", BITS)
                .with("block_size", BLOCK)
                .with("accuracy_level", ACCURACY_LEVEL));
    }

    /** The weight of the largest magnitude becomes -8, the end of the range that reaches further. */
    private static float[] scales(FloatBuffer weights, int blocks) {
        float[] scales = new float[blocks];
        for (int block = 0; block < blocks; block++) {
            float largest = 0;
            for (int i = 0; i < BLOCK; i++) {
                float weight = weights.get();
                largest = Math.abs(weight) > Math.abs(largest) ? weight : largest;
            }
            scales[block] = largest == 0 ? 1 : largest / -ZERO;
        }
        return scales;
    }

    private static ByteBuffer packed(FloatBuffer weights, float[] scales) {
        ByteBuffer packed = Tensor.buffer(weights.remaining() / 2);
        for (float scale : scales) {
            for (int i = 0; i < BLOCK; i += 2) {
                int low = nibble(weights.get(), scale);
                packed.put((byte) (low | (nibble(weights.get(), scale) << 4)));
            }
        }
        return packed.flip();
    }

    private static int nibble(float weight, float scale) {
        return Math.max(0, Math.min(15, (int) Math.rint(weight / scale) + ZERO));
    }
}
