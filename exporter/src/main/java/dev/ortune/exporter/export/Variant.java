package dev.ortune.exporter.export;

import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.pass.DeadCode;
import dev.ortune.exporter.pass.TiedWeights;
import dev.ortune.exporter.pass.TransformerFusion;
import dev.ortune.exporter.precision.ActivationScale;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One file of an export.
 *
 * @param stem what its name begins with: {@value #MODEL}, but where there is another graph beside it
 * @param precision the numbers it computes with
 * @param optimize whose fused operators it is written with; null for standard ones, which run anywhere
 * @param scale of activations, where they are rounded to 8 bits
 */
public record Variant(String stem, Precision precision, Optimize optimize, ActivationScale scale) {
    static final String MODEL = "model";

    /** Of a model's only graph. */
    public Variant(Precision precision, Optimize optimize) {
        this(MODEL, precision, optimize, ActivationScale.TENSOR);
    }

    /** The same of another graph. */
    Variant of(String otherStem) {
        return new Variant(otherStem, precision, optimize, scale);
    }

    /** The same with each of the scales, where it makes a difference. */
    List<Variant> with(List<ActivationScale> scales) {
        return precision == Precision.INT8
                ? scales.stream()
                        .map(other -> new Variant(stem, precision, optimize, other))
                        .toList()
                : List.of(this);
    }

    /** A file a precision, and beside it one with fused operators where that processor computes with the precision. */
    static List<Variant> of(List<Precision> precisions, List<Optimize> optimizes) {
        List<Variant> variants = new ArrayList<>();
        for (Precision precision : precisions) {
            variants.add(new Variant(precision, null));
            optimizes.stream()
                    .filter(optimize -> optimize.computesWith(precision))
                    .forEach(optimize -> variants.add(new Variant(precision, optimize)));
        }
        return variants;
    }

    /** What it is called in {@code onnx/}. */
    public String file() {
        return stem + precision.suffix() + (optimize == null ? "" : "_" + optimize) + ".onnx";
    }

    /**
     * Turns a frozen graph of floats and standard operators into what goes to the file.
     *
     * @param weights the file that the floats are from, for messages
     */
    void convert(Graph graph, Path weights, boolean keepEmbeddings) {
        if (optimize != null) {
            new TransformerFusion(precision.isFloat() || keepEmbeddings).apply(graph);
        }
        precision.pass(weights, keepEmbeddings, scale).apply(graph);
        new TiedWeights().apply(graph);
        new DeadCode().apply(graph);
    }
}
