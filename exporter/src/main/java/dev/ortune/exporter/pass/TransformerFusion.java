package dev.ortune.exporter.pass;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.ShapeInference;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.graph.ValueType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes the parts of a transformer as ONNX Runtime's own operators, which do in one step what takes the standard ones up to
 * ten (github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md): MultiHeadAttention, SkipLayerNormalization,
 * BiasGelu and, for tables of floats, EmbedLayerNormalization. The same numbers up to rounding; parts of another form stay.
 */
public final class TransformerFusion implements Pass {
    private static final float MASKED = -10000f;

    private final boolean embeddings;
    private Graph graph;
    private Upstream upstream;
    private Map<String, ValueType> types;
    private final Map<String, Node> casts = new HashMap<>();

    /**
     * Of an encoder.
     *
     * @param embeddings whether to fuse the embeddings too
     */
    public TransformerFusion(boolean embeddings) {
        this.embeddings = embeddings;
    }

    @Override
    public void apply(Graph target) {
        graph = target;
        upstream = new Upstream(graph.producers());
        types = ShapeInference.of(graph);
        casts.clear();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<Node> fused = fused(node);
            nodes.addAll(fused == null ? List.of(node) : fused);
        }
        graph.replaceNodes(nodes);
        new DeadCode().apply(graph);
    }

    /** What stands in the place of a node that ends a pattern; null where none ends. */
    private List<Node> fused(Node node) {
        return switch (node.operator()) {
            case "Reshape" -> attention(node);
            case "LayerNormalization" -> {
                if (node.inputs().size() < 3) {
                    yield null; // ONNX Runtime's own operators want a bias.
                }
                List<Node> embedding = embeddings ? embedding(node) : null;
                yield embedding == null ? skipLayerNormalization(node) : embedding;
            }
            case "Mul" -> biasGelu(node);
            default -> null;
        };
    }

    // Reshape(Transpose(Softmax(Q K' / sqrt(d) + mask) V)), Vaswani et al. 2017, arXiv:1706.03762
    private List<Node> attention(Node node) {
        Node context = upstream.up(node.output(), "Reshape", "Transpose", "MatMul");
        Node masked = context == null ? null : upstream.up(context.input(0), "Softmax", "Add");
        Node scaled = masked == null ? null : upstream.producer(masked.input(0), "Div");
        Node scores = scaled == null ? null : upstream.producer(scaled.input(0), "MatMul");
        String padding = masked == null ? null : maskOf(masked.input(1));
        if (scores == null || padding == null) {
            return null;
        }
        Node query = upstream.up(scores.input(0), "Transpose", "Reshape");
        Node key = upstream.up(scores.input(1), "Transpose", "Reshape");
        Node value = upstream.up(context.input(1), "Transpose", "Reshape");
        long[] heads = query == null ? null : heads(query);
        if (key == null || value == null || heads == null || !isRootOf(scaled.input(1), heads[3])) {
            return null;
        }
        List<Node> nodes = new ArrayList<>();
        String mask = int32(padding, nodes);
        nodes.add(Node.of(
                        "MultiHeadAttention",
                        node.name() + "/MultiHeadAttention",
                        List.of(query.input(0), key.input(0), value.input(0), "", mask),
                        node.output())
                .microsoft()
                .with("num_heads", heads[2])
                .with("mask_filter_value", MASKED));
        return nodes;
    }

    /** [0, 0, heads, size] of a Reshape that splits the heads; null where it has another form. */
    private long[] heads(Node reshape) {
        Tensor shape = graph.constants().get(reshape.input(1));
        return shape != null && shape.elements() == 4 ? shape.longs() : null;
    }

    private boolean isRootOf(String constant, long size) {
        Tensor root = graph.constants().get(constant);
        return root != null
                && root.elements() == 1
                && root.type() == ElementType.FLOAT
                && Math.abs(root.floats().get(0) - Math.sqrt((double) size)) < 1e-5;
    }

    /** The mask of (1 - mask) times -10000, which is what MultiHeadAttention makes of one by itself; else null. */
    private String maskOf(String value) {
        Node scaled = upstream.producer(value, "Mul");
        Node cast = upstream.up(value, "Mul", "Sub", "Reshape", "Cast");
        Tensor factor = scaled == null ? null : graph.constants().get(scaled.input(1));
        return cast != null
                        && isText(cast.input(0), "attention_mask")
                        && factor != null
                        && factor.floats().get(0) == MASKED
                ? cast.input(0)
                : null;
    }

    /** Whether a value is a text input, or what was made [sequences, tokens] of one with choices. */
    private boolean isText(String value, String input) {
        Node reshape = upstream.producer(value, "Reshape");
        return value.equals(input)
                || (reshape != null
                        && reshape.input(0).equals(input)
                        && graph.inputs().containsKey(input)
                        && graph.inputs().get(input).rank() == 3);
    }

    private List<Node> skipLayerNormalization(Node node) {
        Node sum = upstream.producer(node.input(0), "Add");
        if (sum == null || !isOfTokens(sum.input(0)) || !isOfTokens(sum.input(1))) {
            return null;
        }
        Node biased = upstream.producer(sum.input(0), "Add");
        boolean withBias =
                biased != null && isConstant(biased.input(1)) && upstream.up(sum.input(0), "Add", "MatMul") != null;
        List<String> inputs = new ArrayList<>(
                List.of(withBias ? biased.input(0) : sum.input(0), sum.input(1), node.input(1), node.input(2)));
        if (withBias) {
            inputs.add(biased.input(1));
        }
        return List.of(new Node(
                "SkipLayerNormalization",
                Node.MICROSOFT,
                node.name() + "/SkipLayerNormalization",
                inputs,
                node.outputs().subList(0, 1),
                node.attributes().stream()
                        .filter(attribute -> attribute.getName().equals("epsilon"))
                        .toList()));
    }

    /** Whether it is [batch, tokens, hidden]: SkipLayerNormalization adds nothing that has no batch, such as positions. */
    private boolean isOfTokens(String value) {
        ValueType type = types.get(value);
        return !isConstant(value) && type != null && type.rank() == 3;
    }

    private List<Node> embedding(Node node) {
        Node sum = upstream.producer(node.input(0), "Add");
        Node position = sum == null ? null : upstream.producer(sum.input(1), "Slice");
        Node inner = sum == null ? null : upstream.producer(sum.input(0), "Add");
        Node words = sum == null ? null : lookup(inner == null ? sum.input(0) : inner.input(0), "input_ids");
        Node types = inner == null ? null : lookup(inner.input(1), "token_type_ids");
        // A family without types has one sum less.
        if (position == null || words == null || (inner != null && types == null)) {
            return null;
        }
        List<Node> nodes = new ArrayList<>();
        List<String> inputs = List.of(
                int32(words.input(1), nodes),
                types == null ? "" : int32(types.input(1), nodes),
                words.input(0),
                position.input(0),
                types == null ? "" : types.input(0),
                node.input(1),
                node.input(2));
        nodes.add(new Node(
                "EmbedLayerNormalization",
                Node.MICROSOFT,
                node.name() + "/EmbedLayerNormalization",
                inputs,
                List.of(node.output(), node.output() + "_mask_index"),
                node.attributes().stream()
                        .filter(attribute -> attribute.getName().equals("epsilon"))
                        .toList()));
        return nodes;
    }

    /** The node that looks a text input's rows up in a table. */
    private Node lookup(String value, String ids) {
        Node gather = upstream.producer(value, "Gather");
        return gather != null && isText(gather.input(1), ids) ? gather : null;
    }

    // x (1 + erf(x / sqrt 2)) / 2 of x + bias, Hendrycks and Gimpel 2016, arXiv:1606.08415
    private List<Node> biasGelu(Node node) {
        Node product = upstream.producer(node.input(0), "Mul");
        Node biased = product == null ? null : upstream.producer(product.input(0), "Add");
        Node erf = product == null ? null : upstream.up(product.input(1), "Add", "Erf", "Div");
        boolean known = biased != null
                && erf != null
                && erf.input(0).equals(biased.output())
                && isConstant(biased.input(1))
                && isRootOf(erf.input(1), 2);
        return known
                ? List.of(Node.of("BiasGelu", node.name() + "/BiasGelu", biased.inputs(), node.output())
                        .microsoft())
                : null;
    }

    private boolean isConstant(String value) {
        return graph.constants().containsKey(value);
    }

    /** A text input as the 32-bit integers that these operators take; made once. */
    private String int32(String input, List<Node> nodes) {
        return casts.computeIfAbsent(input, name -> {
                    Node cast = Node.of("Cast", name + "/Int32", List.of(name), name + "_int32")
                            .with("to", ElementType.INT32.code());
                    nodes.add(cast);
                    return cast;
                })
                .output();
    }
}
