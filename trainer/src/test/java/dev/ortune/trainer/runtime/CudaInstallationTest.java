package dev.ortune.trainer.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A system's files as they are on machines with and without a GPU, one thing after the other missing. */
@DisabledOnOs(
        value = OS.WINDOWS,
        disabledReason = "the stand-in for nvidia-smi is a shell script, and paths are Linux's")
class CudaInstallationTest {
    @TempDir
    private Path root;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void everything() throws IOException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        program(
                bin.resolve("nvidia-smi"),
                "0, NVIDIA H200, 143771, 9.0, 580.65.06",
                "1, NVIDIA H200, 143771, 9.0, 580.65.06");
        environment.put("PATH", "/nowhere:" + bin);
        Path cuda = Files.createDirectories(root.resolve("opt/cuda"));
        environment.put("LD_LIBRARY_PATH", cuda.toString());
        for (String name : CudaInstallation.REQUIRED) {
            Files.createFile(cuda.resolve(name));
        }
        Files.move(cuda.resolve("libcudart.so.13"), cuda.resolve("libcudart.so.13.0.88"));
        Files.createSymbolicLink(cuda.resolve("libcudart.so.13"), Path.of("libcudart.so.13.0.88"));
    }

    @Test
    void nothingIsMissing() {
        CudaInstallation found = found();
        assertThat(found.missing()).isEmpty();
        assertThat(found.gpus())
                .containsExactly(
                        new Gpu(0, "NVIDIA H200", 143771L << 20, 90), new Gpu(1, "NVIDIA H200", 143771L << 20, 90));
        assertThat(found.lines())
                .contains(
                        "GPU       1: NVIDIA H200, 140 GiB, compute capability 9.0",
                        "driver    580.65.06",
                        "library   libcudart.so.13 13.0.88 (" + root.resolve("opt/cuda/libcudart.so.13") + ")",
                        "ORT       build for CUDA");
        assertThat(DeviceChoice.parse("auto").gpu(found)).map(Gpu::index).contains(0);
        assertThat(DeviceChoice.parse("cuda:1").gpu(found)).map(Gpu::index).contains(1);
        assertThat(DeviceChoice.parse("cpu").gpu(found)).isEmpty();
    }

    @Test
    void noDriver() throws IOException {
        Files.delete(root.resolve("bin/nvidia-smi"));
        assertMissing("no NVIDIA driver", "install NVIDIA's driver, version 580 or newer");
        assertThat(found().lines()).contains("GPU       none", "driver    none");
    }

    @Test
    void nvidiaSmiThatFailsIsNoDriver() throws IOException {
        program(
                root.resolve("bin/nvidia-smi"),
                "NVIDIA-SMI has failed because it couldn't communicate with the driver");
        assertMissing("no NVIDIA driver", "install NVIDIA's driver, version 580 or newer");
    }

    @Test
    void theKernelsFilesDoWithoutNvidiaSmi() throws IOException {
        Files.delete(root.resolve("bin/nvidia-smi"));
        Path driver = Files.createDirectories(root.resolve("proc/driver/nvidia"));
        Files.writeString(
                driver.resolve("version"),
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build\nGCC version: 12\n");
        assertThat(found().missing()).map(CudaInstallation.Missing::what).contains("no NVIDIA GPU");
        Path gpu = Files.createDirectories(driver.resolve("gpus/0000:17:00.0"));
        Files.writeString(gpu.resolve("information"), "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 12\n");
        assertThat(found().missing()).isEmpty();
        assertThat(found().driver()).isEqualTo("580.65.06");
        assertThat(found().gpus()).containsExactly(new Gpu(0, "NVIDIA H100 80GB HBM3", 0, 0));
    }

    @Test
    void noCuda13() throws IOException {
        Files.delete(root.resolve("opt/cuda/libcublas.so.13"));
        Files.delete(root.resolve("opt/cuda/libcufft.so.12"));
        Files.createFile(root.resolve("opt/cuda/libcublas.so.12"));
        assertMissing(
                "no CUDA 13 (libcublas.so.13, libcufft.so.12)",
                "install CUDA 13's libraries and let LD_LIBRARY_PATH name their folder");
        assertThat(found().lines()).contains("library   libcublas.so.13 is missing");
    }

    @Test
    void noCudnn() throws IOException {
        Files.delete(root.resolve("opt/cuda/libcudnn.so.9"));
        assertMissing(
                "no cuDNN 9 (libcudnn.so.9)", "install cuDNN 9 for CUDA 13 and let LD_LIBRARY_PATH name its folder");
    }

    @Test
    void noGpuBuild() {
        CudaInstallation found = CudaInstallation.of(root, environment, false);
        assertThat(found.missing()).map(CudaInstallation.Missing::what).contains("no GPU build of ONNX Runtime");
        assertThatThrownBy(() -> DeviceChoice.parse("cuda").gpu(found))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("--device cuda:0: no GPU build of ONNX Runtime; build with ORTUNE_PROFILE=cuda, or let"
                        + " ORTUNE_ORT_NATIVE name a folder with libonnxruntime_providers_cuda.so");
    }

    @Test
    void noSuchGpu() {
        assertThatThrownBy(() -> DeviceChoice.parse("cuda:2").gpu(found()))
                .hasMessage("--device cuda:2: there is no such GPU, but 2, counted from 0");
    }

    @Test
    void theLoadersConfigurationIsRead() throws IOException {
        environment.remove("LD_LIBRARY_PATH");
        assertThat(found().missing()).map(CudaInstallation.Missing::what).hasValueSatisfying(what -> assertThat(what)
                .startsWith("no CUDA 13 (libcudart.so.13, "));
        Path parts = Files.createDirectories(root.resolve("etc/ld.so.conf.d"));
        Files.writeString(root.resolve("etc/ld.so.conf"), "include /etc/ld.so.conf.d/*.conf\n");
        Files.writeString(parts.resolve("cuda.conf"), "# CUDA\n/opt/cuda\n");
        assertThat(found().missing()).isEmpty();
    }

    @Test
    void anotherWordIsRefused() {
        assertThatThrownBy(() -> DeviceChoice.parse("gpu"))
                .hasMessage("--device must be auto, cpu, cuda or cuda:N, not 'gpu'");
    }

    private void assertMissing(String what, String remedy) {
        CudaInstallation found = found();
        assertThat(found.missing()).contains(new CudaInstallation.Missing(what, remedy));
        assertThat(DeviceChoice.parse("auto").gpu(found)).isEmpty();
        assertThatThrownBy(() -> DeviceChoice.parse("cuda").gpu(found))
                .hasMessage("--device cuda:0: " + what + "; " + remedy);
    }

    private CudaInstallation found() {
        return CudaInstallation.of(root, environment, true);
    }

    private static void program(Path file, String... lines) throws IOException {
        Files.writeString(file, "#!/bin/sh\ncat <<'END'\n" + String.join("\n", lines) + "\nEND\n");
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
    }
}
