package dev.ortune.exporter.pass;

import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Leaves out what inference does not need: Identity, Dropout and Cast to the type that is there already, nodes whose
 * results nobody takes, constants that no node takes.
 */
public final class DeadCode implements Pass {
    @Override
    public void apply(Graph graph) {
        graph.replaceNodes(withoutIdentities(graph));
        graph.replaceNodes(needed(graph));
        Set<String> taken = new HashSet<>(graph.outputs().keySet());
        graph.nodes().forEach(node -> taken.addAll(node.inputs()));
        graph.constants().keySet().retainAll(taken);
    }

    private static List<Node> withoutIdentities(Graph graph) {
        Map<String, String> renamed = new HashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            List<String> inputs = node.inputs().stream()
                    .map(input -> renamed.getOrDefault(input, input))
                    .toList();
            boolean passesOn = node.is("Identity") || node.is("Dropout");
            if (passesOn && !graph.outputs().containsKey(node.output())) {
                renamed.put(node.output(), inputs.get(0));
            } else {
                nodes.add(node.withInputs(inputs));
            }
        }
        return nodes;
    }

    private static List<Node> needed(Graph graph) {
        Set<String> wanted = new HashSet<>(graph.outputs().keySet());
        List<Node> nodes = new ArrayList<>();
        List<Node> backwards = new ArrayList<>(graph.nodes());
        Collections.reverse(backwards);
        for (Node node : backwards) {
            if (node.outputs().stream().anyMatch(wanted::contains)) {
                wanted.addAll(node.inputs());
                nodes.add(node.withOutputs(wantedOutputs(node, wanted)));
            }
        }
        Collections.reverse(nodes);
        return nodes;
    }

    /** Its outputs up to the last one that somebody takes: LayerNormalization's mean and deviation go, say. */
    private static List<String> wantedOutputs(Node node, Set<String> wanted) {
        int count = node.outputs().size();
        if (!node.domain().equals(Node.STANDARD)) {
            return node.outputs();
        }
        while (!wanted.contains(node.outputs().get(count - 1))) {
            count--;
        }
        return node.outputs().subList(0, count);
    }
}
