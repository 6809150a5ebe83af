package dev.ortune.trainer.gradient;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reverse-mode differentiation of a graph: walks the nodes from the loss back to the weights, asks each operator's rule
 * for the gradients of its inputs, adds up what reaches a value from several nodes, and sums over the dimensions along
 * which a value was broadcast. It visits only nodes that lie between a weight and the loss.
 */
public final class Differentiator {
    private final Graph graph;
    private final Map<String, GradientRule> rules;
    private final Map<Value, Value> gradients = new HashMap<>();
    private final Set<Value> needed = new HashSet<>();

    private Differentiator(Graph graph, Map<String, GradientRule> rules) {
        this.graph = graph;
        this.rules = rules;
    }

    /**
     * Adds the backward pass to the graph.
     *
     * @param loss a scalar
     * @param seed the gradient to start from, a scalar: 1 gives the loss's own gradients
     * @param weights the values whose gradients are wanted
     * @param rules one rule an operator
     * @return each weight's gradient, of the weight's shape, in the order of {@code weights}
     * @throws IllegalArgumentException for an operator without a rule, or a weight that the loss does not depend on
     */
    public static Map<Value, Value> differentiate(
            Value loss, Value seed, Collection<Value> weights, Map<String, GradientRule> rules) {
        Differentiator differentiator = new Differentiator(loss.graph(), rules);
        differentiator.findNeeded(weights);
        int forward = loss.graph().nodes().size();
        differentiator.walkBack(loss, seed);
        Map<Value, Value> result = new LinkedHashMap<>();
        for (Value weight : weights) {
            Value gradient = differentiator.gradients.get(weight);
            if (gradient == null) {
                throw new IllegalArgumentException("The loss does not depend on " + weight.name());
            }
            result.put(weight, gradient);
        }
        // A rule gives the gradients of all of an operator's inputs.
        loss.graph().removeUnread(forward, result.values());
        return result;
    }

    /** Marks every value that depends on a weight: only their gradients are worth computing. Sizes and places have none. */
    private void findNeeded(Collection<Value> weights) {
        needed.addAll(weights);
        for (Node node : graph.nodes()) {
            if (node.inputs().stream().anyMatch(needed::contains)) {
                node.outputs().stream().filter(Differentiator::isReal).forEach(needed::add);
            }
        }
    }

    private static boolean isReal(Value value) {
        return value.type() != ElementType.INT64 && value.type() != ElementType.BOOL;
    }

    private void walkBack(Value loss, Value seed) {
        List<Node> forward = new ArrayList<>(graph.nodes());
        gradients.put(loss, seed);
        Collections.reverse(forward);
        for (Node node : forward) {
            boolean reached = node.outputs().stream().anyMatch(gradients::containsKey);
            if (reached && node.inputs().stream().anyMatch(needed::contains)) {
                differentiate(node);
            }
        }
    }

    private void differentiate(Node node) {
        GradientRule rule = rules.get(GradientRules.key(node));
        if (rule == null) {
            throw new IllegalArgumentException(
                    "No gradient is known for " + GradientRules.key(node) + " (" + node.name() + ")");
        }
        Ops ops = new Ops(graph).in("grad" + node.name());
        List<Value> inputGradients = rule instanceof GradientRule.OfAllOutputs all
                ? all.apply(node, outputGradients(node, ops), ops)
                : rule.apply(node, firstOutputGradient(node), ops);
        for (int i = 0; i < inputGradients.size(); i++) {
            Value gradient = inputGradients.get(i);
            if (gradient != null && needed.contains(node.input(i))) {
                accumulate(node.input(i), sumBroadcast(gradient, node.input(i).shape(), ops), ops);
            }
        }
    }

    /** Most rules know the gradient of the first output alone: what reaches another one must not be lost. */
    private Value firstOutputGradient(Node node) {
        for (Value output : node.outputs().subList(1, node.outputs().size())) {
            if (gradients.containsKey(output)) {
                throw new IllegalArgumentException("The loss depends on " + output.name() + ", but of "
                        + node.operator() + " only the first output's gradient is known");
            }
        }
        return gradients.get(node.output(0));
    }

    private List<Value> outputGradients(Node node, Ops ops) {
        return node.outputs().stream()
                .map(output -> gradients.containsKey(output) ? gradients.get(output) : ops.zerosLike(output))
                .toList();
    }

    private void accumulate(Value value, Value gradient, Ops ops) {
        gradients.merge(value, gradient, ops::add);
    }

    /** The adjoint of broadcasting: sums over added leading dimensions and over those stretched from 1. */
    private static Value sumBroadcast(Value gradient, Shape target, Ops ops) {
        int added = gradient.shape().rank() - target.rank();
        List<Integer> stretched = new ArrayList<>();
        for (int i = 0; i < target.rank(); i++) {
            Dim wide = gradient.shape().dim(added + i);
            if (!wide.equals(target.dim(i))) {
                if (target.dim(i).size() != 1) {
                    throw new IllegalArgumentException("A gradient of shape " + gradient.shape()
                            + " reaches a value of shape " + target + ": whether they fit is not known");
                }
                stretched.add(added + i);
            }
        }
        Value sum = gradient;
        if (!stretched.isEmpty()) {
            sum = ops.reduceSum(sum, true, stretched.stream().mapToInt(i -> i).toArray());
        }
        if (added > 0) {
            int[] leading = new int[added];
            for (int i = 0; i < added; i++) {
                leading[i] = i;
            }
            sum = ops.reduceSum(sum, false, leading);
        }
        return sum;
    }
}
