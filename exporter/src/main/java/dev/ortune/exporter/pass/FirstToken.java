package dev.ortune.exporter.pass;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lets the last layer work on the first token alone, where the classifier reads nothing else: keys and values are needed
 * of all tokens, but query, attention's output, and the feed-forward block of one. The same numbers from less work: a
 * sixth of MiniLM's nearly vanishes. A graph of another form stays as it is.
 *
 * <p>Everything after the last layer's query and its residual goes token by token, so it is enough to hand those two one
 * token instead of all.
 */
public final class FirstToken implements Pass {
    /** What treats each query's token by itself, given keys and values of all. */
    private static final Set<String> TOKEN_BY_TOKEN = Set.of(
            "Add",
            "Cast",
            "Div",
            "Dropout",
            "Erf",
            "Gelu",
            "Identity",
            "LayerNormalization",
            "MatMul",
            "Mul",
            "Pow",
            "Relu",
            "Reshape",
            "Sigmoid",
            "Softmax",
            "Sub",
            "Tanh",
            "Transpose");

    @Override
    public void apply(Graph graph) {
        Map<String, Node> producers = graph.producers();
        for (Node node : graph.nodes()) {
            if (takesFirst(graph, node)) {
                LastLayer layer = LastLayer.before(node.input(0), new Upstream(producers));
                if (layer != null && readsOnly(graph, node, layer)) {
                    narrow(graph, layer);
                    return;
                }
            }
        }
    }

    /** Whether it takes token 0 of {@code [batch, sequence, hidden]}. */
    private static boolean takesFirst(Graph graph, Node node) {
        Tensor index = graph.constants().get(node.input(1));
        return node.is("Gather")
                && node.attribute("axis", 0L) == 1
                && index != null
                && index.type() == ElementType.INT64
                && index.elements() == 1
                && index.longs()[0] == 0;
    }

    /**
     * Whether what the layer makes of its tokens goes nowhere but to the first one's reader, token by token: an output of
     * all tokens, or a second reader of another one, needs the others too.
     */
    private static boolean readsOnly(Graph graph, Node reader, LastLayer layer) {
        Set<String> changed = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (layer.reads(node) || node.inputs().stream().anyMatch(changed::contains)) {
                if (node.equals(reader)) {
                    continue;
                }
                if (!TOKEN_BY_TOKEN.contains(node.operator())
                        || node.outputs().stream().anyMatch(graph.outputs()::containsKey)) {
                    return false;
                }
                changed.addAll(node.outputs());
            }
        }
        return true;
    }

    private static void narrow(Graph graph, LastLayer layer) {
        String index = graph.addConstant("first_token", Tensor.longs(new long[] {1}, 0));
        String first = layer.input() + "_first_token";
        Node gather =
                Node.of("Gather", first, List.of(layer.input(), index), first).with("axis", 1);
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            if (layer.reads(node) && !nodes.contains(gather)) {
                nodes.add(gather);
            }
            nodes.add(layer.reads(node) ? node.withInputs(replaced(node.inputs(), layer.input(), first)) : node);
        }
        graph.replaceNodes(nodes);
    }

    private static List<String> replaced(List<String> inputs, String from, String to) {
        return inputs.stream().map(input -> input.equals(from) ? to : input).toList();
    }

    /**
     * What the pass changes.
     *
     * @param input the layer's input, {@code [batch, sequence, hidden]}
     * @param query the product that makes the queries of it
     * @param update the first product of what an adapter adds to the queries; null without adapters
     * @param residual the sum that adds it to attention's output
     */
    private record LastLayer(String input, Node query, Node update, Node residual) {
        /** Whether it is one of those that take the layer's input and need no more than the first token of it. */
        boolean reads(Node node) {
            return node.equals(query) || node.equals(update) || node.equals(residual);
        }

        /** The layer whose output is {@code value}, in the form that BERT has; null where it has another. */
        static LastLayer before(String value, Upstream match) {
            Node output = match.producer(value, "LayerNormalization");
            Node sum = output == null ? null : match.producer(output.input(0), "Add");
            String attended = sum == null ? null : commonSource(sum, match);
            Node normalised = attended == null ? null : match.producer(attended, "LayerNormalization");
            Node residual = normalised == null ? null : match.producer(normalised.input(0), "Add");
            return residual == null ? null : attention(residual, match);
        }

        /** Of a sum of a feed-forward block and its input, the input. */
        private static String commonSource(Node sum, Upstream match) {
            for (int i = 0; i < 2; i++) {
                boolean block = match.up(sum.input(i), "Add", "MatMul") != null;
                if (block && match.producer(sum.input(1 - i), "LayerNormalization") != null) {
                    return sum.input(1 - i);
                }
            }
            return null;
        }

        private static LastLayer attention(Node residual, Upstream match) {
            for (String input : residual.inputs()) {
                String other = residual.input(input.equals(residual.input(0)) ? 1 : 0);
                Node context = match.up(other, "Add", "MatMul", "Reshape", "Transpose", "MatMul");
                Node sum = context == null
                        ? null
                        : match.up(context.input(0), "Softmax", "Add", "Div", "MatMul", "Transpose", "Reshape", "Add");
                Node query = sum == null ? null : match.producer(match.computedInput(sum), "MatMul");
                if (query != null && query.input(0).equals(input)) {
                    Node update = update(sum, match);
                    return update != null && !update.input(0).equals(input)
                            ? null
                            : new LastLayer(input, query, update, residual);
                }
            }
            return null;
        }

        /** Of the sum of a product and of what an adapter adds, with the bias, the product that begins the latter; or null. */
        private static Node update(Node sum, Upstream match) {
            Node added = match.producer(sum.input(1), "Add");
            Node last = match.producer(added == null ? sum.input(1) : match.computedInput(added), "MatMul");
            return last == null ? null : match.producer(last.input(0), "MatMul");
        }
    }
}
