package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.Node;
import java.util.List;

/** How activations become 8-bit integers while a graph runs, and sums of products with them floats again. */
interface ActivationRounding {
    /**
     * Activations as integers, {@code float = scale * unit * (integer - zeroPoint)}.
     *
     * @param integers UINT8, of the activations' shape
     * @param zeroPoint UINT8 scalar
     * @param scale floats that broadcast over the activations
     */
    record Rounded(String integers, String zeroPoint, String scale) {}

    /** What the weights' scales are multiplied by beforehand. */
    float unit();

    /** Adds the nodes that round a value. */
    Rounded round(String value, List<Node> nodes);

    /** What MatMulInteger takes with weights INT8 [in, columns] whose zero point is zero. */
    List<String> operands(Rounded activations, String weights);

    /**
     * The nodes that make a product's output of its sums of integers.
     *
     * @param sums FLOAT [.., columns]
     * @param columns the weights' scales times {@link #unit()}, FLOAT [columns]
     */
    List<Node> scaled(Node product, String sums, Rounded activations, String columns);
}
