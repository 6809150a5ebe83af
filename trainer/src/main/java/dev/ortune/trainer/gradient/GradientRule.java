package dev.ortune.trainer.gradient;

import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import java.util.List;

/** How the gradients of an operator's inputs follow from those of its outputs. */
@FunctionalInterface
public interface GradientRule {
    /**
     * Adds the nodes that compute the gradients.
     *
     * @param node the operator in the forward graph
     * @param dy the loss's gradient with respect to the node's first output, of that output's shape
     * @param ops adds nodes, under a scope named after the node
     * @return one gradient an input, null where the input has none; where an input was broadcast its gradient may still
     *     have the output's shape, the driver sums it
     */
    List<Value> apply(Node node, Value dy, Ops ops);

    /** The rule of an operator all of whose outputs are differentiated; zeros stand for those that the loss does not use. */
    interface OfAllOutputs extends GradientRule {
        /** Likewise, from one gradient an output. */
        List<Value> apply(Node node, List<Value> dys, Ops ops);

        @Override
        default List<Value> apply(Node node, Value dy, Ops ops) {
            return apply(node, List.of(dy), ops);
        }
    }
}
