package dev.ortune.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.device.CudaDevice;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.device.Gpu;
import dev.ortune.predictor.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the exported files is served. */
class ModelFolderTest {
    private static final Device CPU = new Device.Cpu("as asked for");
    private static final Device GPU = new CudaDevice(new Gpu(0, "GPU-1f", "NVIDIA H200", 1L << 37), 0);

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        TinyClassifier.write(folder);
    }

    @Test
    void eachDeviceTakesWhatItIsFastestWith() throws IOException {
        exported("fp32", "fp16", "int8");
        ModelFolder onCpu = open("auto", CPU);
        assertThat(onCpu.file()).hasFileName("model_int8.onnx");
        assertThat(onCpu.why()).isEqualTo("the fastest on a CPU of those exported");
        ModelFolder onGpu = open("auto", GPU);
        assertThat(onGpu.file()).hasFileName("model_fp16.onnx");
        assertThat(onGpu.why()).isEqualTo("the fastest on a GPU of those exported");
    }

    @Test
    void withoutThatTheNextBest() throws IOException {
        exported("fp32", "int8");
        assertThat(open("auto", GPU).precision()).isEqualTo("fp32");
        exported("fp32", "fp16");
        assertThat(open("auto", CPU).precision()).isEqualTo("fp32");
    }

    @Test
    void whatIsAskedForIsTakenOnAnyDevice() throws IOException {
        exported("fp32", "fp16", "int8");
        assertThat(open("int8", GPU).precision()).isEqualTo("int8");
        assertThat(open("fp16", CPU).why()).isEqualTo("as asked for");
        assertThatThrownBy(() -> open("int4", GPU)).hasMessageContaining("lists no file of precision int4");
    }

    @Test
    void eachDeviceHasTheNameThatTextEmbeddingsInferenceGivesIt() {
        assertThat(CPU.computeType()).isEqualTo("cpu");
        assertThat(GPU.computeType()).isEqualTo("gpu+optimized");
    }

    private ModelFolder open(String precision, Device device) {
        return ModelFolder.open(
                VersionFolder.of(folder),
                new InferenceOptions(precision, device, new BatchOptions(256, 300, 32, 1, 1)));
    }

    private void exported(String... precisions) throws IOException {
        List<String> files = new ArrayList<>();
        for (String precision : precisions) {
            Path file = folder.resolve("onnx/model_" + precision + ".onnx");
            Files.write(file, Files.readAllBytes(folder.resolve("onnx/model.onnx")));
            files.add("""
                    {"file": "%s", "precision": "%s", "optimize": null, "sha256": "%s", "verification": {"passed": true}}
                    """.formatted(file.getFileName(), precision, Sha256.of(file)));
        }
        Files.writeString(
                folder.resolve("onnx/export.json"), "{\"format\": 1, \"files\": [" + String.join(",", files) + "]}");
    }
}
