package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.gradient.GradientRule;
import dev.ortune.trainer.gradient.GradientRules;
import dev.ortune.trainer.gradient.NormGradient;
import dev.ortune.trainer.gradient.ScatterAdd;
import java.util.Locale;
import java.util.Map;

/** The device that artifacts are made for: which operators are fast there, and what the graphs take. */
public enum Target {
    /** Takes padded batches and leaves padding out by itself; embedding gradients through a small matrix product. */
    CPU,
    /**
     * Few, large kernels; takes tokens in one row with all index arithmetic done ({@code TokenInputs}), and weights of
     * one kind in one tensor ({@code ParameterStack}). Without fused kernels it runs on the CPU too.
     */
    CUDA;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The gradients of all operators, as they are fast there. */
    Map<String, GradientRule> gradientRules() {
        return this == CPU
                ? GradientRules.table(ScatterAdd.DISTINCT_ROWS, NormGradient.OPERATORS)
                : GradientRules.table(ScatterAdd.PRODUCT_IF_SMALL, NormGradient.KERNEL);
    }
}
