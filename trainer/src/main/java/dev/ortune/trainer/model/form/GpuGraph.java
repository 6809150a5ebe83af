package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;

/**
 * How a graph for a GPU is written.
 *
 * @param type in which the encoder's layers compute: FLOAT, FLOAT16 or BFLOAT16
 * @param layout how a batch's tokens lie
 * @param fusedKernels whether to use the fused operators that only CUDA has
 */
public record GpuGraph(ElementType type, TokenLayout layout, boolean fusedKernels) {
    public GpuGraph {
        switch (type) {
            case FLOAT, FLOAT16, BFLOAT16 -> {}
            default -> throw new IllegalArgumentException("No layer computes in " + type);
        }
    }

    /** CUDA's accumulator takes float16 for a sum in float32, and no bfloat16; the CPU's takes neither. */
    boolean addsHalves() {
        return fusedKernels && type == ElementType.FLOAT16;
    }

    /** BiasSoftmaxDropout and its gradient have no kernel for bfloat16. */
    boolean fusesSoftmax() {
        return fusedKernels && type != ElementType.BFLOAT16;
    }
}
