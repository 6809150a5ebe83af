package dev.ortune.trainer.pretrained;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** An ONNX file with the names that PyTorch's export gives to an encoder's weights. */
final class TinyOnnx {
    private TinyOnnx() {}

    static GraphProto.Builder graph(List<Tensor> tensors, boolean raw) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (Tensor tensor : tensors) {
            String name = tensor.name().replaceFirst("^bert\\.", "");
            if (TinyBert.isMatrix(tensor)) {
                String initializer = "onnx::MatMul_" + graph.getInitializerCount();
                String node = "/" + name.replaceFirst("\\.weight$", "").replaceAll("\\.(?!\\d)", "/") + "/MatMul";
                graph.addInitializer(initializer(initializer, TinyBert.transposed(tensor), raw));
                graph.addNode(NodeProto.newBuilder()
                        .setOpType("MatMul")
                        .setName(node)
                        .addAllInput(List.of("x", initializer)));
            } else {
                graph.addInitializer(initializer(name, tensor, raw));
            }
        }
        return graph;
    }

    static TensorProto.Builder initializer(String name, Tensor tensor, boolean raw) {
        TensorProto.Builder proto = TensorProto.newBuilder().setName(name).setDataType(1);
        Arrays.stream(tensor.shape()).forEach(proto::addDims);
        ByteBuffer bytes = ByteBuffer.allocate((int) tensor.elements() * 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.data());
        if (raw) {
            return proto.setRawData(ByteString.copyFrom(bytes));
        }
        for (int i = 0; i < tensor.elements(); i++) {
            proto.addFloatData(tensor.data().get(i));
        }
        return proto;
    }

    static Path write(Path folder, GraphProto.Builder graph) throws IOException {
        byte[] bytes =
                ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build().toByteArray();
        return Files.write(folder.resolve("model.onnx"), bytes);
    }
}
