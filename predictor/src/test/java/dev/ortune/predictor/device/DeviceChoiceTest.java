package dev.ortune.predictor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                .containsExactly(
                        new Gpu(0, "GPU-1f", "NVIDIA H200", 143771L << 20),
                        new Gpu(1, "GPU-2e", "NVIDIA L4", 23034L << 20))
                .extracting(Gpu::toString)
                .containsExactly("NVIDIA H200, 140 GiB", "NVIDIA L4, 22 GiB");
    }

    /** ONNX Runtime's GPU 0 is the first that CUDA shows. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            1            | NVIDIA L4
            1,0          | NVIDIA L4, NVIDIA H200
            GPU-2        | NVIDIA L4
            GPU-1f, 1    | NVIDIA H200, NVIDIA L4
            1,7,0        | NVIDIA L4
            MIG-4c,1     | a part of an NVIDIA GPU, NVIDIA L4
            -1           | none
            ''           | none
            """)
    void cudaCountsThoseThatItShows(String variable, String names) {
        Map<String, String> environment = new HashMap<>(machine.environment());
        environment.put("CUDA_VISIBLE_DEVICES", variable);
        NvidiaDriver driver = NvidiaDriver.of(root, environment);
        List<Gpu> gpus = driver.gpus();
        assertThat(gpus).extracting(Gpu::name).isEqualTo(names == null ? List.of() : List.of(names.split(", ")));
        assertThat(gpus)
                .extracting(Gpu::index)
                .isEqualTo(IntStream.range(0, gpus.size()).boxed().toList());
        if (names == null) {
            assertThatThrownBy(() -> DeviceChoice.parse("cuda").device(driver, true, 0))
                    .hasMessage("--device cuda:0: CUDA_VISIBLE_DEVICES hides all GPUs; let it name one, or unset it");
        } else {
            assertThatThrownBy(() -> DeviceChoice.parse("cuda:" + gpus.size()).device(driver, true, 0))
                    .hasMessageContaining("there is no such GPU, but " + gpus.size());
        }
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
        Files.writeString(
                gpu.resolve("information"), "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 12\nGPU UUID: \t GPU-3d\n");
        assertThat(driver().gpus()).containsExactly(new Gpu(0, "GPU-3d", "NVIDIA H100 80GB HBM3", 0));
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
