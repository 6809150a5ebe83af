package dev.ortune.trainer.cli;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A model as a file by itself, with the weights in the graph, as the exporter's are. */
final class TinyExport {
    private TinyExport() {}

    /** Writes {@code onnx/model.onnx} into a model's folder. */
    static Path write(Path model) throws IOException {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        PretrainedModel.load(model).weights().all().forEach(tensor -> weights.put(tensor.name(), tensor));
        ModelProto whole = ModelProto.parseFrom(Files.readAllBytes(model.resolve("graph.onnx")));
        GraphProto.Builder graph = whole.getGraph().toBuilder().clearInput();
        for (ValueInfoProto input : whole.getGraph().getInputList()) {
            Tensor weight = weights.get(input.getName());
            if (weight == null) {
                graph.addInput(input);
            } else {
                graph.addInitializer(initializer(weight));
            }
        }
        Path file = Files.createDirectories(model.resolve("onnx")).resolve("model.onnx");
        return Files.write(file, whole.toBuilder().setGraph(graph).build().toByteArray());
    }

    private static TensorProto initializer(Tensor weight) {
        ByteBuffer bytes =
                ByteBuffer.allocate(weight.data().remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(weight.data().duplicate());
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(weight.name())
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setRawData(ByteString.copyFrom(bytes));
        for (long size : weight.shape()) {
            tensor.addDims(size);
        }
        return tensor.build();
    }
}
