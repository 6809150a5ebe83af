package dev.ortune.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.device.GpuMachine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a device, in processes of their own, since ONNX Runtime is loaded once in each. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "GPUs are used on Linux on x86-64 alone")
class DeviceTest {
    private static final String NATIVE = "ai/onnxruntime/native/linux-x64/";

    @TempDir
    private Path folder;

    private Path model;
    private GpuMachine machine;

    @BeforeEach
    void write() throws IOException {
        model = TinyClassifier.write(folder.resolve("tiny"));
        machine = GpuMachine.in(folder.resolve("machine"));
    }

    /** All that can be seen from outside is there, but not the GPU: only ONNX Runtime can tell. */
    @Test
    void whereOnnxRuntimeFailsTheCpuAnswers() throws Exception {
        Map<String, String> environment = new HashMap<>(machine.environment());
        environment.put("ORTUNE_ORT_NATIVE", natives().toString());
        Ended auto = run(environment, "predict", model.toString(), "w100 w90");
        assertThat(auto.exit).as(auto.err).isZero();
        assertThat(auto.out).startsWith("yes ");

        Ended cuda = run(environment, "predict", model.toString(), "--device", "cuda", "w100 w90");
        assertThat(cuda.exit).isEqualTo(1);
        assertThat(cuda.err)
                .contains("ortune: --device cuda:0: ONNX Runtime cannot use it: ")
                .contains("; see \"ortune inspect --device\"");
        assertThat(cuda.out).isEmpty();
    }

    @Test
    void aFolderWithoutOnnxRuntimeIsNamed() throws Exception {
        Ended ended =
                run(Map.of("ORTUNE_ORT_NATIVE", folder.toString(), "DEVICE", "cpu"), "predict", model.toString(), "w1");
        assertThat(ended.exit).isEqualTo(1);
        assertThat(ended.err.strip())
                .isEqualTo("ortune: ORTUNE_ORT_NATIVE names " + folder + ", which holds no libonnxruntime.so");
    }

    @Test
    void withoutADriverCudaSaysWhatToInstall() throws Exception {
        Map<String, String> environment = new HashMap<>(machine.environment());
        environment.put("PATH", "/nowhere");
        environment.put("DEVICE", "cuda:1");
        assumeFalse(Files.exists(Path.of("/proc/driver/nvidia/version")), "this machine has a driver");
        Ended ended = run(environment, "predict", model.toString(), "w1");
        assertThat(ended.exit).isEqualTo(1);
        assertThat(ended.err.strip())
                .isEqualTo(
                        "ortune: --device cuda:1: no NVIDIA driver; install NVIDIA's driver, version 525 or newer; 580 for CUDA 13");
    }

    /** ONNX Runtime's libraries from its jar, and an empty file where its provider for CUDA would be. */
    private Path natives() throws IOException {
        Path natives = Files.createDirectories(folder.resolve("natives"));
        for (String name :
                List.of("libonnxruntime.so", "libonnxruntime4j_jni.so", "libonnxruntime_providers_shared.so")) {
            try (InputStream library = DeviceTest.class.getClassLoader().getResourceAsStream(NATIVE + name)) {
                // The last one is in a build for CUDA alone.
                if (library != null) {
                    Files.copy(library, natives.resolve(name));
                }
            }
        }
        Files.createFile(natives.resolve("libonnxruntime_providers_cuda.so"));
        return natives;
    }

    private record Ended(int exit, String out, String err) {}

    private Ended run(Map<String, String> environment, String... arguments) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(java, "-cp", classPath, Ortune.class.getName());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeAll(List.of("ORTUNE_ORT_NATIVE", "DEVICE"));
        builder.environment().putAll(environment);
        Path err = folder.resolve("err");
        Process process = builder.redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out, Files.readString(err));
    }
}
