package dev.ortune.trainer.model;

import dev.ortune.trainer.graph.Shape;

/**
 * What is added to a linear layer's weight: {@code scale B A} with {@code A} of {@code [rank, in]} and {@code B} of {@code
 * [out, rank]} (LoRA, Hu et al. 2021, arXiv:2106.09685).
 *
 * @param rank rows of A
 * @param scale what the product is multiplied by
 * @param dropout of what A reads, while it is trained
 */
public record LowRankUpdate(int rank, double scale, double dropout) {
    /** The name of a layer's A, as peft has it. */
    public static String nameOfA(String layer) {
        return layer + ".lora_A.weight";
    }

    /** The name of its B. */
    public static String nameOfB(String layer) {
        return layer + ".lora_B.weight";
    }

    /** A and B of the layer with that weight. */
    Parameter a(Parameter weight) {
        return parameter(nameOfA(layer(weight)), weight, rank, weight.sizes()[isTurned(weight) ? 0 : 1]);
    }

    Parameter b(Parameter weight) {
        return parameter(nameOfB(layer(weight)), weight, weight.sizes()[isTurned(weight) ? 1 : 0], rank);
    }

    /** Whether the weight is {@code [in, out]}, which peft calls {@code fan_in_fan_out}. */
    private static boolean isTurned(Parameter weight) {
        return weight.role() == Role.INPUTS_FIRST;
    }

    private static Parameter parameter(String name, Parameter weight, long... sizes) {
        return new Parameter(name, Shape.of(sizes), Role.MATRIX, name, weight.ofLayers());
    }

    /** The name of the linear layer that a weight is of. */
    public static String layer(Parameter weight) {
        return weight.name().substring(0, weight.name().length() - ".weight".length());
    }
}
