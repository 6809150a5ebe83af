package dev.ortune.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights outside the ONNX file are read from beside it, and from nowhere else. */
class ExternalDataTest {
    @TempDir
    private Path folder;

    private Path model;
    private byte[] weights;

    @BeforeEach
    void writeModel() throws IOException {
        model = TinyClassifier.write(folder.resolve("model"));
        Files.delete(model.resolve("onnx/export.json"));
        TensorProto table =
                ModelProto.parseFrom(Files.readAllBytes(file())).getGraph().getInitializer(0);
        ByteBuffer bytes =
                ByteBuffer.allocate(table.getFloatDataCount() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        table.getFloatDataList().forEach(bytes::putFloat);
        weights = bytes.array();
        Files.write(folder.resolve("secret"), weights);
    }

    @Test
    void besideTheFile() throws IOException {
        Files.write(model.resolve("onnx/weights"), weights);
        place("weights");
        try (ServedModel served = HostileFile.open(model)) {
            assertThat(served.name()).isEqualTo("model");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../secret", "x/../../../secret", "ABSOLUTE", ""})
    void notOutsideTheFolder(String location) throws IOException {
        place(location.equals("ABSOLUTE") ? folder.resolve("secret").toString() : location);
        refused();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "symbolic links need a privilege there")
    void notThroughALink() throws IOException {
        Files.createSymbolicLink(model.resolve("onnx/link"), folder.resolve("secret"));
        place("link");
        refused();
    }

    private void refused() {
        assertThatThrownBy(() -> HostileFile.open(model).close())
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file() + ": ONNX Runtime cannot load it: ");
    }

    private Path file() {
        return model.resolve("onnx/model.onnx");
    }

    private void place(String location) throws IOException {
        ModelProto.Builder proto = ModelProto.parseFrom(Files.readAllBytes(file())).toBuilder();
        proto.getGraphBuilder()
                .getInitializerBuilder(0)
                .clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
        Files.write(file(), proto.build().toByteArray());
    }
}
