package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.runtime.CudaDevice;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.runtime.Gpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExecutionTest {
    private static final Gpu HOPPER = new Gpu(1, "NVIDIA H200", 150L << 30, 90);
    private static final Gpu TURING = new Gpu(0, "Tesla T4", 16L << 30, 75);

    @Test
    void theDefaultIsSinglePrecisionOnTheCpuAndHalfOnAGpu() {
        assertThat(Execution.onCpu(null, null)).isEqualTo(Execution.ON_CPU);
        assertThat(Execution.ON_CPU.device()).isEqualTo(Device.CPU);
        assertThat(Execution.ON_CPU.precision()).isEqualTo(Precision.FP32);
        assertThat(on(HOPPER, null).precision()).isEqualTo(Precision.FP16);
        assertThat(on(TURING, null).precision()).isEqualTo(Precision.FP16);
    }

    @ParameterizedTest
    @EnumSource(names = {"TF32", "FP16", "BF16"})
    void theCpuRefusesOthersWithAReason(Precision precision) {
        assertThatThrownBy(() -> Execution.onCpu(precision, "no NVIDIA driver"))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("--precision " + precision + " needs a GPU (no NVIDIA driver): processors compute half"
                        + " precision in float32, slower and with larger errors");
    }

    @Test
    void olderGpusLackBf16AndTf32() {
        assertThatThrownBy(() -> on(TURING, Precision.BF16))
                .hasMessage("--precision bf16 needs an NVIDIA GPU of compute capability 8.0 or more; this is Tesla T4,"
                        + " 16 GiB, compute capability 7.5");
    }

    @Test
    void fp32IsNotRoundedToTf32() {
        assertThat(((CudaDevice) on(HOPPER, Precision.FP32).device()).tf32()).isFalse();
        assertThat(((CudaDevice) on(HOPPER, Precision.TF32).device()).tf32()).isTrue();
        assertThat(on(HOPPER, Precision.TF32).device()).hasToString("cuda:1");
    }

    private static Execution on(Gpu gpu, Precision precision) {
        return Execution.on(gpu, precision, 0, CudaDevice.Arena.POWER_OF_TWO);
    }
}
