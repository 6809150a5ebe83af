package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.Graph;
import java.util.Locale;

/** What shares a scale where activations are rounded to 8 bits while a graph runs. */
public enum ActivationScale {
    /** All tokens of all texts of a batch: the fastest, but an answer depends a little on the texts beside it. */
    TENSOR,
    /** A token's activations: closer to floats, and a text's answer is its own (Yao et al. 2022, arXiv:2206.01861). */
    TOKEN;

    ActivationRounding rounding(Graph graph) {
        return this == TENSOR ? new RoundingByTensor() : new RoundingByToken(graph);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
