package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;

/**
 * A weight of a network.
 *
 * @param name Hugging Face's, e.g. {@code bert.encoder.layer.0.attention.self.query.weight}
 * @param shape dimensions, fixed; a linear layer's weight is {@code [out, in]} but where {@code role} says
 *     otherwise
 * @param role what it is for
 * @param part the name of what it is multiplied with as one: its own, or for a query, key and value the name that stands
 *     for the three
 * @param ofLayers whether the layers compute with it, which may be in half precision; embeddings and heads do not
 */
public record Parameter(String name, Shape shape, Role role, String part, boolean ofLayers) {
    /** Number of elements. */
    public long elements() {
        return shape.dims().stream().mapToLong(Dim::size).reduce(1, Math::multiplyExact);
    }

    /** The dimensions as numbers. */
    public long[] sizes() {
        return shape.dims().stream().mapToLong(Dim::size).toArray();
    }
}
