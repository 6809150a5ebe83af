package dev.ortune.trainer.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import dev.ortune.trainer.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/** Turns a {@link Graph} into ONNX's protocol buffers: IR version 8, opset 17. */
public final class OnnxFile {
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    private OnnxFile() {}

    /** Writes the model to a file, whole or not at all. */
    public static void write(Graph graph, Path file) {
        write(model(graph), file);
    }

    /** Writes a model to a file, whole or not at all. */
    public static void write(ModelProto model, Path file) {
        AtomicFile.write(file, model.toByteArray());
    }

    /** The complete model. ONNX Runtime's domain is imported only where the graph uses it. */
    public static ModelProto model(Graph graph) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("ortune")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph(graph));
        if (graph.nodes().stream().anyMatch(node -> node.domain().equals(MicrosoftOps.DOMAIN))) {
            model.addOpsetImport(OperatorSetIdProto.newBuilder()
                    .setDomain(MicrosoftOps.DOMAIN)
                    .setVersion(1));
        }
        return model.build();
    }

    private static GraphProto graph(Graph graph) {
        GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
        graph.inputs().forEach((name, value) -> proto.addInput(valueInfo(name, value)));
        graph.outputs().forEach((name, value) -> proto.addOutput(valueInfo(name, value)));
        graph.constants().forEach((value, constant) -> proto.addInitializer(tensor(value.name(), constant)));
        graph.nodes().forEach(node -> proto.addNode(node(graph, node)));
        return proto.build();
    }

    private static NodeProto node(Graph graph, Node node) {
        NodeProto.Builder proto = NodeProto.newBuilder()
                .setName(node.name())
                .setOpType(node.operator())
                .setDomain(node.domain());
        node.inputs().forEach(value -> proto.addInput(value == null ? "" : graph.fileName(value)));
        node.outputs().forEach(value -> proto.addOutput(graph.fileName(value)));
        node.attributes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> proto.addAttribute(attribute(entry.getKey(), entry.getValue())));
        return proto.build();
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder proto = AttributeProto.newBuilder().setName(name);
        if (value instanceof Long number) {
            proto.setType(AttributeProto.AttributeType.INT).setI(number);
        } else if (value instanceof Float number) {
            proto.setType(AttributeProto.AttributeType.FLOAT).setF(number);
        } else if (value instanceof String text) {
            proto.setType(AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
        } else if (value instanceof long[] numbers) {
            proto.setType(AttributeProto.AttributeType.INTS);
            for (long number : numbers) {
                proto.addInts(number);
            }
        } else {
            throw new IllegalArgumentException("Attribute " + name + " has unknown type " + value.getClass());
        }
        return proto.build();
    }

    private static ValueInfoProto valueInfo(String name, Value value) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Shape.Dim dim : value.shape().dims()) {
            TensorShapeProto.Dimension.Builder proto = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(dim.fixed() ? proto.setDimValue(dim.size()) : proto.setDimParam(dim.symbol()));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(value.type().code())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private static TensorProto tensor(String name, Constant constant) {
        TensorProto.Builder proto = TensorProto.newBuilder()
                .setName(name)
                .setDataType(constant.type().code())
                .setRawData(ByteString.copyFrom(bytes(constant.data())));
        for (long dim : constant.dims()) {
            proto.addDims(dim);
        }
        return proto.build();
    }

    private static byte[] bytes(Object data) {
        ByteBuffer buffer;
        if (data instanceof float[] floats) {
            buffer = ByteBuffer.allocate(4 * floats.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(floats);
        } else if (data instanceof long[] longs) {
            buffer = ByteBuffer.allocate(8 * longs.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asLongBuffer().put(longs);
        } else {
            boolean[] flags = (boolean[]) data;
            buffer = ByteBuffer.allocate(flags.length);
            for (boolean flag : flags) {
                buffer.put((byte) (flag ? 1 : 0));
            }
        }
        return buffer.array();
    }
}
