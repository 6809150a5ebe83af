package dev.ortune.exporter.pass;

import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps in a file once what is a table and a matrix, as the word embedding of a model that fills masks: {@link ConstantFolding}
 * made a second constant of its transpose, and here that is turned again by a node. ONNX Runtime computes such a node when it loads
 * a file, so nothing is slower.
 */
public final class TiedWeights implements Pass {
    @Override
    public void apply(Graph graph) {
        Set<String> taken = new HashSet<>();
        graph.nodes().forEach(node -> taken.addAll(node.inputs()));
        List<Node> nodes = new ArrayList<>();
        for (String turned : List.copyOf(graph.constants().keySet())) {
            String table = turned.endsWith(ConstantFolding.TRANSPOSED)
                    ? turned.substring(0, turned.length() - ConstantFolding.TRANSPOSED.length())
                    : "";
            if (taken.contains(turned)
                    && taken.contains(table)
                    && graph.constants().containsKey(table)
                    && graph.constants().get(table).type()
                            == graph.constants().get(turned).type()) {
                graph.constants().remove(turned);
                nodes.add(Node.of("Transpose", turned, List.of(table), turned).with("perm", List.of(1L, 0L)));
            }
        }
        nodes.addAll(graph.nodes());
        graph.replaceNodes(nodes);
    }
}
