package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.model.form.TokenLayout;
import dev.ortune.trainer.report.Hardware;
import dev.ortune.trainer.runtime.CudaDevice;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.runtime.Gpu;

/**
 * On what and in which numbers a run is computed.
 *
 * @param device where
 * @param precision in which numbers
 * @param gpu the GPU's name for people, or null on the CPU
 * @param reason why no GPU is used though any would have been, or null
 */
public record Execution(Device device, Precision precision, String gpu, String reason) {
    /** The CPU, as it always can be. */
    public static final Execution ON_CPU = onCpu(null, null);

    /** Which layout of tokens a GPU gets. */
    static final TokenLayout LAYOUT = TokenLayout.PACKED;

    public Execution {
        if (device == Device.CPU && precision != Precision.FP32) {
            throw new OrtuneException("--precision " + precision + " needs a GPU"
                    + (reason == null ? "" : " (" + reason + ")")
                    + ": processors compute half precision in float32, slower and with larger errors");
        }
    }

    /**
     * The CPU.
     *
     * @param precision what was asked for, or null for what suits
     * @param reason why there is no GPU, or null where none was asked for
     */
    public static Execution onCpu(Precision precision, String reason) {
        return new Execution(Device.CPU, precision == null ? Precision.FP32 : precision, null, reason);
    }

    /**
     * A GPU.
     *
     * @param precision what was asked for, or null for what suits
     * @param memoryLimit bytes; 0 for all there are
     */
    public static Execution on(Gpu gpu, Precision precision, long memoryLimit, CudaDevice.Arena arena) {
        Precision chosen = precision == null ? Precision.FP16 : precision;
        if ((chosen == Precision.BF16 || chosen == Precision.TF32) && !gpu.hasBf16AndTf32()) {
            throw new OrtuneException("--precision " + chosen
                    + " needs an NVIDIA GPU of compute capability 8.0 or more;" + " this is " + gpu);
        }
        CudaDevice device = new CudaDevice(gpu.index(), memoryLimit, arena, chosen != Precision.FP32);
        return new Execution(device, chosen, gpu.toString(), null);
    }

    ArtifactOptions artifactOptions(Optimizer optimizer) {
        Target target = device == Device.CPU ? Target.CPU : Target.CUDA;
        return new ArtifactOptions(optimizer, target, precision, LAYOUT, true);
    }

    /** What it runs on. */
    public Hardware hardware() {
        return Hardware.current().with(gpu == null ? null : gpu + ", " + precision, reason);
    }
}
