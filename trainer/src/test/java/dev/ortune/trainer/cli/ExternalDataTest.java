package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
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
import dev.ortune.trainer.inference.ClassifierConfig;
import dev.ortune.trainer.inference.TrainedModel;
import dev.ortune.trainer.model.Berts;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.task.TextClassification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model's graph.onnx keeps nothing in another file, so none is read on its word. */
class ExternalDataTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        PretrainedModel pretrained = PretrainedModel.load(TinyModel.write(folder.resolve("pretrained")));
        Network network = Berts.classifier(pretrained.architecture(), 2);
        model = Files.createDirectory(folder.resolve("model"));
        Safetensors.write(
                model.resolve("model.safetensors"),
                pretrained.withFreshHead(network, 1).weights().all(),
                Map.of());
        Files.write(
                model.resolve("config.json"),
                JsonFile.bytes(ClassifierConfig.of(pretrained, network, Labels.numbered(2), new TextClassification())));
        Files.write(folder.resolve("secret"), new byte[2 * Float.BYTES]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "../secret", "x/../../secret", "ABSOLUTE", ""})
    void isRefused(String location) throws IOException {
        Files.copy(folder.resolve("secret"), model.resolve("data"));
        TensorProto numbers =
                numbers(location.equals("ABSOLUTE") ? folder.resolve("secret").toString() : location);
        write(GraphProto.newBuilder()
                .addInitializer(numbers)
                .addNode(NodeProto.newBuilder()
                        .setOpType("Identity")
                        .addInput("numbers")
                        .addOutput("logits")));
        refused();
        write(GraphProto.newBuilder()
                .addNode(NodeProto.newBuilder()
                        .setOpType("Constant")
                        .addOutput("logits")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("value")
                                .setType(AttributeProto.AttributeType.TENSOR)
                                .setT(numbers))));
        refused();
    }

    private void refused() {
        assertThatThrownBy(() -> TrainedModel.open(model, 1).close())
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessage(model.resolve("graph.onnx")
                        + ": keeps numbers in another file; weights belong in model.safetensors");
    }

    /** Two numbers of another file. */
    private static TensorProto numbers(String location) {
        return TensorProto.newBuilder()
                .setName("numbers")
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .addDims(2)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location))
                .build();
    }

    private void write(GraphProto.Builder graph) throws IOException {
        ValueInfoProto.Builder logits = ValueInfoProto.newBuilder()
                .setName("logits")
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE)));
        ModelProto proto = ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph.setName("numbers").addOutput(logits))
                .build();
        Files.write(model.resolve("graph.onnx"), proto.toByteArray());
    }
}
