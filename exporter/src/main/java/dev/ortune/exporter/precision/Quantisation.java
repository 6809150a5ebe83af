package dev.ortune.exporter.precision;

import java.util.List;

/**
 * How floats become integers.
 *
 * @param keepEmbeddings leaves the tables of embeddings as floats
 * @param scales of an int8 file's activations, in turn until one is like its source
 */
public record Quantisation(boolean keepEmbeddings, List<ActivationScale> scales) {
    public Quantisation {
        scales = List.copyOf(scales);
    }

    /** All tables, and the fastest scale that is close enough. */
    public static Quantisation usual() {
        return new Quantisation(false, List.of(ActivationScale.values()));
    }

    /** All tables, with one scale whatever comes of it. */
    public static Quantisation with(ActivationScale scale) {
        return new Quantisation(false, List.of(scale));
    }
}
