package dev.ortune.exporter.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a graph whose weights are inputs; whatever is wrong with the file is told in one line. */
public final class OnnxReader {
    /** Far above any graph without weights. */
    private static final long LARGEST = 512L << 20;

    private final Path file;
    private final Set<String> values = new HashSet<>();

    private OnnxReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a file.
     *
     * @throws OrtuneException when it is missing, no ONNX, or holds what a classifier's graph does not need
     */
    public static Graph read(Path file) {
        return new OnnxReader(file).graph(model(file));
    }

    private static ModelProto model(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new OrtuneException(file + ": has " + Files.size(file) + " bytes, too many for a graph whose"
                        + " weights are inputs");
            }
            ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
            if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
                throw new OrtuneException(file + ": is no ONNX model (there is no graph in it)");
            }
            return model;
        } catch (InvalidProtocolBufferException e) {
            throw new OrtuneException(file + ": is no ONNX model (" + Printable.of(e.getMessage()) + ")", e);
        } catch (NoSuchFileException e) {
            throw new OrtuneException(file + ": no such file; \"ortune train\" writes it", e);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private Graph graph(ModelProto model) {
        GraphProto proto = model.getGraph();
        Graph graph = new Graph(proto.getName().isEmpty() ? "model" : proto.getName(), opset(model));
        for (TensorProto tensor : proto.getInitializerList()) {
            define(tensor.getName());
            graph.constants().put(tensor.getName(), TensorReader.read(file, tensor));
        }
        for (ValueInfoProto input : proto.getInputList()) {
            if (!graph.constants().containsKey(input.getName())) {
                define(input.getName());
                graph.inputs().put(input.getName(), type(input));
            }
        }
        proto.getNodeList().forEach(node -> add(graph, node));
        for (ValueInfoProto output : proto.getOutputList()) {
            if (!values.contains(output.getName())) {
                throw broken("nothing makes the output " + Printable.of(output.getName()));
            }
            graph.outputs().put(output.getName(), type(output));
        }
        return graph;
    }

    private long opset(ModelProto model) {
        return model.getOpsetImportList().stream()
                .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
                .mapToLong(OperatorSetIdProto::getVersion)
                .findFirst()
                .orElseThrow(() -> broken("does not say which version of ONNX's operators it uses"));
    }

    private void add(Graph graph, NodeProto node) {
        for (String input : node.getInputList()) {
            if (!input.isEmpty() && !values.contains(input)) {
                throw broken("node " + Printable.of(node.getName()) + " takes " + Printable.of(input)
                        + ", which nothing before it makes");
            }
        }
        if (node.getAttributeList().stream()
                .anyMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0)) {
            throw broken("node " + Printable.of(node.getName()) + " (" + Printable.of(node.getOpType())
                    + ") holds a graph of its own, which is not supported");
        }
        node.getOutputList().stream().filter(output -> !output.isEmpty()).forEach(this::define);
        String name = node.getName().isEmpty()
                ? node.getOpType() + "_" + graph.nodes().size()
                : node.getName();
        graph.nodes()
                .add(new Node(
                        node.getOpType(),
                        node.getDomain().equals("ai.onnx") ? Node.STANDARD : node.getDomain(),
                        name,
                        node.getInputList(),
                        node.getOutputList(),
                        node.getAttributeList()));
    }

    private void define(String value) {
        if (value.isEmpty() || !values.add(value)) {
            throw broken(value.isEmpty() ? "holds a value without a name" : "makes " + Printable.of(value) + " twice");
        }
    }

    private ValueType type(ValueInfoProto value) {
        TypeProto.Tensor tensor = value.getType().getTensorType();
        ElementType type = ElementType.of(tensor.getElemType())
                .orElseThrow(() -> broken(
                        Printable.of(value.getName()) + " has the unsupported element type " + tensor.getElemType()));
        List<Dim> shape = new ArrayList<>();
        for (TensorShapeProto.Dimension dim : tensor.getShape().getDimList()) {
            boolean fixed = dim.hasDimValue() && dim.getDimValue() >= 0;
            String symbol = dim.getDimParam().isEmpty() ? value.getName() + "_" + shape.size() : dim.getDimParam();
            shape.add(fixed ? Dim.of(dim.getDimValue()) : Dim.of(symbol));
        }
        return new ValueType(type, shape);
    }

    private OrtuneException broken(String what) {
        return new OrtuneException(file + ": " + what);
    }

    /** Constants that lie in the graph file itself. */
    private static final class TensorReader {
        static Tensor read(Path file, TensorProto proto) {
            String called = file + ": constant " + Printable.of(proto.getName());
            ElementType type = ElementType.of(proto.getDataType())
                    .orElseThrow(() ->
                            new OrtuneException(called + " has the unsupported element type " + proto.getDataType()));
            if (proto.getExternalDataCount() > 0) {
                throw new OrtuneException(called + " keeps its data in another file, which is not supported");
            }
            long[] shape =
                    proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
            ByteBuffer bytes = proto.getRawData().isEmpty()
                    ? fields(proto, type)
                    : proto.getRawData().asReadOnlyByteBuffer();
            if (bytes.remaining() != size(called, shape, type)) {
                throw new OrtuneException(called + " has " + bytes.remaining() + " bytes, which do not fit its shape");
            }
            return Tensor.of(type, shape, bytes);
        }

        private static long size(String called, long[] shape, ElementType type) {
            try {
                for (long dim : shape) {
                    if (dim < 0) {
                        throw new OrtuneException(called + " has a negative dimension");
                    }
                }
                return Math.multiplyExact(Tensor.elements(shape), type.bytes());
            } catch (ArithmeticException e) {
                throw new OrtuneException(called + " has a shape whose size overflows", e);
            }
        }

        /** The form of small tensors: a field a type; those of few bits share that of int32. */
        private static ByteBuffer fields(TensorProto proto, ElementType type) {
            int count = Math.max(
                    Math.max(proto.getFloatDataCount(), proto.getInt64DataCount()),
                    Math.max(proto.getInt32DataCount(), proto.getDoubleDataCount()));
            ByteBuffer bytes = Tensor.buffer((long) count * type.bytes());
            switch (type) {
                case FLOAT -> proto.getFloatDataList().forEach(bytes::putFloat);
                case INT64 -> proto.getInt64DataList().forEach(bytes::putLong);
                case DOUBLE -> proto.getDoubleDataList().forEach(bytes::putDouble);
                case INT32 -> proto.getInt32DataList().forEach(bytes::putInt);
                case FLOAT16 -> proto.getInt32DataList().forEach(value -> bytes.putShort(value.shortValue()));
                case BOOL, INT8, UINT8 -> proto.getInt32DataList().forEach(value -> bytes.put(value.byteValue()));
            }
            return bytes.flip();
        }
    }
}
