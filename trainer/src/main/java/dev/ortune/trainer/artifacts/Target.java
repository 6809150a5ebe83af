package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.gradient.ScatterAdd;
import java.util.Locale;

/** The device that artifacts are made for. They run on either; the choice is which operators are fast there. */
public enum Target {
    /**
     * Embedding gradients through a small matrix product, and clipping in the training graph: ONNX Runtime's own clipping
     * adds up the norm in an order that changes from session to session, and with it the last bits of every loss.
     */
    CPU,
    /** ONNX Runtime's GatherGrad and its clipping of all gradients at once, which CUDA runs in few kernels. */
    CUDA;

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    ScatterAdd scatterAdd() {
        return this == CPU ? ScatterAdd.DISTINCT_ROWS : ScatterAdd.GATHER_GRAD;
    }

    boolean clipsInTrainingGraph() {
        return this == CPU;
    }
}
