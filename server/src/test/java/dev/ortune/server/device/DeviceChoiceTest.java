package dev.ortune.server.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.server.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On machines that have and have not what a GPU needs. */
@DisabledOnOs(
        value = OS.WINDOWS,
        disabledReason = "the stand-in for nvidia-smi is a shell script, and paths are Linux's")
class DeviceChoiceTest {
    @TempDir
    private Path root;

    private GpuMachine machine;

    @BeforeEach
    void everything() throws IOException {
        machine = GpuMachine.in(root);
    }

    @Test
    void nvidiaSmiTellsWhatIsThere() {
        assertThat(driver().version()).isEqualTo("580.65.06");
        assertThat(driver().gpus())
                .containsExactly(new Gpu(0, "NVIDIA H200", 143771L << 20), new Gpu(1, "NVIDIA L4", 23034L << 20))
                .extracting(Gpu::toString)
                .containsExactly("NVIDIA H200, 140 GiB", "NVIDIA L4, 22 GiB");
    }

    @Test
    void theKernelsFilesDoWithoutNvidiaSmi() throws IOException {
        machine.nvidiaSmi("");
        Path files = Files.createDirectories(root.resolve("proc/driver/nvidia"));
        Files.writeString(
                files.resolve("version"),
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build\nGCC version: 12\n");
        assertWithout(true, "no NVIDIA GPU", "see what nvidia-smi says");
        Path gpu = Files.createDirectories(files.resolve("gpus/0000:17:00.0"));
        Files.writeString(gpu.resolve("information"), "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 12\n");
        assertThat(driver().gpus()).containsExactly(new Gpu(0, "NVIDIA H100 80GB HBM3", 0));
    }

    @Test
    void withoutADriverOrABuild() throws IOException {
        assertWithout(
                false,
                "no GPU build of ONNX Runtime",
                "build with ORTUNE_PROFILE=cuda, or let ORTUNE_ORT_NATIVE name a folder with"
                        + " libonnxruntime_providers_cuda.so");
        machine.nvidiaSmi("NVIDIA-SMI has failed because it couldn't communicate with the driver");
        assertWithout(true, "no NVIDIA driver", "install NVIDIA's driver, version 525 or newer; 580 for CUDA 13");
    }

    @Test
    void aGpuThatIsNotThereIsAnError() {
        assertThatThrownBy(() -> DeviceChoice.parse("cuda:2").device(driver(), true, 0))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("--device cuda:2: there is no such GPU, but 2, counted from 0");
        assertThatThrownBy(() -> DeviceChoice.parse("gpu"))
                .hasMessage("--device must be auto, cpu, cuda or cuda:N, not 'gpu'");
    }

    /** Messages of ONNX Runtime 1.28.0 and 1.24.1. */
    @Test
    void whatOnnxRuntimeLacksIsNamed() {
        String failed = "Error code - ORT_FAIL - message: provider_bridge_ort.cc:1988 [ONNXRuntimeError] : 1 : FAIL :"
                + " Failed to load library /tmp/libonnxruntime_providers_cuda.so with error: ";
        String absent = ": cannot open shared object file: No such file or directory\n";
        assertThat(CudaFailure.of(failed + "libcublasLt.so.12" + absent).what())
                .isEqualTo("no CUDA 12 (libcublasLt.so.12)");
        assertThat(CudaFailure.of(failed + "libcudnn.so.9" + absent).what()).isEqualTo("no cuDNN 9 (libcudnn.so.9)");
        assertThat(CudaFailure.of(failed + "libcufft.so.12" + absent).what()).isEqualTo("no libcufft.so.12");
        assertThat(CudaFailure.of("CUDA failure 35: CUDA driver version is insufficient\n for CUDA runtime version")
                        .what())
                .isEqualTo("ONNX Runtime cannot use it: CUDA failure 35: CUDA driver version is insufficient for CUDA"
                        + " runtime version");
    }

    private void assertWithout(boolean hasProvider, String what, String remedy) {
        assertThat(DeviceChoice.parse("auto").device(driver(), hasProvider, 0))
                .isEqualTo(new Device.Cpu("no GPU: " + what));
        assertThatThrownBy(() -> DeviceChoice.parse("cuda").device(driver(), hasProvider, 0))
                .hasMessage("--device cuda:0: " + what + "; " + remedy);
    }

    private NvidiaDriver driver() {
        return NvidiaDriver.of(root, machine.environment());
    }
}
