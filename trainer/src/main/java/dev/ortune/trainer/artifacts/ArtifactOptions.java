package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.model.form.GpuGraph;
import dev.ortune.trainer.model.form.TokenLayout;

/**
 * What the artifacts fix beside the network.
 *
 * @param optimizer the update of the weights
 * @param target the device that will train
 * @param precision in which numbers; the CPU's graphs know single precision only
 * @param layout how a batch's tokens lie; for {@link Target#CUDA}
 * @param fusedKernels whether graphs for {@link Target#CUDA} may hold operators that only CUDA has
 */
public record ArtifactOptions(
        Optimizer optimizer, Target target, Precision precision, TokenLayout layout, boolean fusedKernels) {
    public ArtifactOptions {
        if (target == Target.CPU && precision != Precision.FP32) {
            throw new IllegalArgumentException("Graphs for the CPU are in fp32, not " + precision);
        }
    }

    /** In single precision. */
    public ArtifactOptions(Optimizer optimizer, Target target) {
        this(optimizer, target, Precision.FP32, TokenLayout.PACKED, true);
    }

    GpuGraph gpuGraph() {
        return new GpuGraph(precision.type(), layout, fusedKernels);
    }

    /** Whether the training graph holds the clipping, or the unscaling, of the gradients. */
    boolean clipsInTrainingGraph() {
        return optimizer.maxGradNorm() > 0 || precision.scalesLoss();
    }
}
