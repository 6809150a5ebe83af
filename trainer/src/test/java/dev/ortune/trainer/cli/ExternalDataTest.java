package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.inference.Classifier;
import dev.ortune.trainer.inference.ClassifierConfig;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model's graph.onnx keeps in another file is read from beside it, and from nowhere else. */
class ExternalDataTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        PretrainedModel pretrained = PretrainedModel.load(TinyModel.write(folder.resolve("pretrained")));
        model = Files.createDirectory(folder.resolve("model"));
        Safetensors.write(
                model.resolve("model.safetensors"),
                pretrained.withFreshHead(2, 1).weights().all(),
                Map.of());
        Files.write(model.resolve("config.json"), JsonFile.bytes(ClassifierConfig.of(pretrained, Labels.numbered(2))));
        Files.write(folder.resolve("secret"), new byte[2 * Float.BYTES]);
    }

    @Test
    void besideTheFile() throws IOException {
        Files.copy(folder.resolve("secret"), model.resolve("data"));
        place("data");
        assertThatCode(() -> Classifier.open(model, 1).close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "x/../../secret", "ABSOLUTE", ""})
    void notOutsideTheFolder(String location) throws IOException {
        place(location.equals("ABSOLUTE") ? folder.resolve("secret").toString() : location);
        refused();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "symbolic links need a privilege there")
    void notThroughALink() throws IOException {
        Files.createSymbolicLink(model.resolve("link"), folder.resolve("secret"));
        place("link");
        refused();
    }

    private void refused() {
        assertThatThrownBy(() -> Classifier.open(model, 1).close())
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(model.resolve("graph.onnx") + ": ONNX Runtime cannot run it: ");
    }

    /** A graph whose logits are two numbers of another file. */
    private void place(String location) throws IOException {
        TensorProto.Builder numbers = TensorProto.newBuilder()
                .setName("numbers")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(2)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
        ValueInfoProto.Builder logits = ValueInfoProto.newBuilder()
                .setName("logits")
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE)));
        GraphProto.Builder graph = GraphProto.newBuilder()
                .setName("numbers")
                .addInitializer(numbers)
                .addOutput(logits)
                .addNode(NodeProto.newBuilder()
                        .setOpType("Identity")
                        .addInput("numbers")
                        .addOutput("logits"));
        ModelProto proto = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
        Files.write(model.resolve("graph.onnx"), proto.toByteArray());
    }
}
