package dev.ortune.exporter.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.ortune.exporter.AtomicFile;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Version;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes a graph as an ONNX file, one tensor at a time: protocol buffers put the length of a message before it, and all
 * lengths are known from the shapes. Weights that would make the file longer than a protocol buffer may be go to a second
 * file beside it.
 */
public final class OnnxWriter {
    /** What a protocol buffer may hold, with room for all that is not weights. */
    public static final long LARGEST = Integer.MAX_VALUE - (64L << 20);

    /** ONNX's intermediate representation of opset 17 to 18, 19 to 20, and 21 on. */
    private static final long[] IR_VERSIONS = {8, 9, 10};

    /** Tensors below this size, in bytes, stay in the file. */
    private static final long SMALL = 1024;

    /** External tensors begin at pages, so that they can be mapped. */
    private static final long PAGE = 4096;

    private final Graph graph;
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final Path data;

    private OnnxWriter(Graph graph, Path file) {
        this.graph = graph;
        this.data = file.resolveSibling(file.getFileName() + "_data");
    }

    /** Writes the graph; returns the files that were written, the graph's first. */
    public static List<Path> write(Graph graph, Path file) {
        return write(graph, file, LARGEST);
    }

    /**
     * Writes the graph.
     *
     * @param largest bytes of weights from which on they get a file of their own, {@code NAME_data}
     */
    public static List<Path> write(Graph graph, Path file, long largest) {
        OnnxWriter writer = new OnnxWriter(graph, file);
        long weights =
                graph.constants().values().stream().mapToLong(Tensor::size).sum();
        List<Path> files = new ArrayList<>(List.of(file));
        if (weights > largest) {
            writer.placeOutside();
            AtomicFile.write(writer.data, writer::writeData);
            files.add(writer.data);
        }
        AtomicFile.write(file, writer::writeModel);
        return files;
    }

    /** A small graph in memory; {@code outputs} are its outputs, whose types ONNX Runtime finds out by itself. */
    public static byte[] toBytes(Graph graph, List<String> outputs) {
        OnnxWriter writer = new OnnxWriter(graph, Path.of("model.onnx"));
        GraphProto.Builder proto = writer.structure().toBuilder();
        graph.constants()
                .forEach((name, tensor) -> proto.addInitializer(
                        writer.head(name).toBuilder().setRawData(ByteString.copyFrom(tensor.bytes()))));
        outputs.stream()
                .filter(output -> !output.isEmpty())
                .forEach(output -> proto.addOutput(ValueInfoProto.newBuilder().setName(output)));
        return writer.model().toBuilder().setGraph(proto).build().toByteArray();
    }

    private void placeOutside() {
        long end = 0;
        for (Map.Entry<String, Tensor> constant : graph.constants().entrySet()) {
            if (constant.getValue().size() >= SMALL) {
                offsets.put(constant.getKey(), end);
                end = (end + constant.getValue().size() + PAGE - 1) / PAGE * PAGE;
            }
        }
    }

    private void writeData(FileChannel channel) throws IOException {
        for (Map.Entry<String, Long> place : offsets.entrySet()) {
            channel.position(place.getValue());
            AtomicFile.writeFully(channel, contents(place.getKey()));
        }
    }

    private void writeModel(FileChannel channel) throws IOException {
        byte[] model = model().toByteArray();
        byte[] structure = structure().toByteArray();
        long length = structure.length;
        for (String constant : graph.constants().keySet()) {
            long message = messageSize(constant);
            length += fieldHead(GraphProto.INITIALIZER_FIELD_NUMBER, message).length + message;
        }
        AtomicFile.writeFully(channel, ByteBuffer.wrap(model));
        AtomicFile.writeFully(channel, ByteBuffer.wrap(fieldHead(ModelProto.GRAPH_FIELD_NUMBER, length)));
        AtomicFile.writeFully(channel, ByteBuffer.wrap(structure));
        for (String constant : graph.constants().keySet()) {
            writeTensor(channel, constant);
        }
    }

    private void writeTensor(FileChannel channel, String name) throws IOException {
        byte[] head = head(name).toByteArray();
        AtomicFile.writeFully(
                channel, ByteBuffer.wrap(fieldHead(GraphProto.INITIALIZER_FIELD_NUMBER, messageSize(name))));
        AtomicFile.writeFully(channel, ByteBuffer.wrap(head));
        if (!offsets.containsKey(name)) {
            long size = graph.constants().get(name).size();
            AtomicFile.writeFully(channel, ByteBuffer.wrap(fieldHead(TensorProto.RAW_DATA_FIELD_NUMBER, size)));
            AtomicFile.writeFully(channel, contents(name));
        }
    }

    private ByteBuffer contents(String name) {
        Tensor tensor = graph.constants().get(name);
        ByteBuffer bytes = tensor.bytes();
        if (bytes.remaining() != tensor.size()) {
            throw new IllegalStateException(name + " has " + bytes.remaining() + " bytes, not " + tensor.size());
        }
        return bytes;
    }

    /** Length of a tensor's whole message. */
    private long messageSize(String name) {
        long head = head(name).getSerializedSize();
        long size = graph.constants().get(name).size();
        return offsets.containsKey(name)
                ? head
                : head + fieldHead(TensorProto.RAW_DATA_FIELD_NUMBER, size).length + size;
    }

    /** A tensor without its contents. */
    private TensorProto head(String name) {
        Tensor tensor = graph.constants().get(name);
        TensorProto.Builder head =
                TensorProto.newBuilder().setName(name).setDataType(tensor.type().code());
        for (long dim : tensor.shape()) {
            head.addDims(dim);
        }
        Long offset = offsets.get(name);
        if (offset != null) {
            head.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(entry("location", data.getFileName().toString()))
                    .addExternalData(entry("offset", Long.toString(offset)))
                    .addExternalData(entry("length", Long.toString(tensor.size())));
        }
        return head.build();
    }

    /** Tag and length of a field that holds a message or bytes. */
    private static byte[] fieldHead(int field, long length) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            out.writeTag(field, 2);
            out.writeUInt64NoTag(length);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private ModelProto model() {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(irVersion(graph.opset()))
                .setProducerName("ortune")
                .setProducerVersion(Version.ortune())
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(graph.opset()));
        Set<String> others = new TreeSet<>();
        graph.nodes().forEach(node -> others.add(node.domain()));
        others.remove(Node.STANDARD);
        others.forEach(domain -> model.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1)));
        graph.metadata().forEach((key, value) -> model.addMetadataProps(entry(key, value)));
        return model.build();
    }

    private static long irVersion(long opset) {
        return opset <= 18 ? IR_VERSIONS[0] : opset <= 20 ? IR_VERSIONS[1] : IR_VERSIONS[2];
    }

    /** The graph without its constants, every value with type and shape. */
    private GraphProto structure() {
        GraphProto.Builder proto = GraphProto.newBuilder().setName(graph.name());
        graph.inputs().forEach((name, type) -> proto.addInput(valueInfo(name, type)));
        graph.outputs().forEach((name, type) -> proto.addOutput(valueInfo(name, type)));
        graph.nodes().forEach(node -> proto.addNode(node(node)));
        ShapeInference.of(graph).forEach((name, type) -> {
            if (!graph.inputs().containsKey(name)
                    && !graph.outputs().containsKey(name)
                    && !graph.constants().containsKey(name)) {
                proto.addValueInfo(valueInfo(name, type));
            }
        });
        return proto.build();
    }

    private static NodeProto node(Node node) {
        return NodeProto.newBuilder()
                .setName(node.name())
                .setOpType(node.operator())
                .setDomain(node.domain())
                .addAllInput(node.inputs())
                .addAllOutput(node.outputs())
                .addAllAttribute(node.attributes())
                .build();
    }

    private static ValueInfoProto valueInfo(String name, ValueType value) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Dim dim : value.shape()) {
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

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** The versions of ONNX's operators that can be written. */
    public static void requireOpset(long opset) {
        if (opset < 17 || opset > 21) {
            throw new OrtuneException("--opset must be from 17 to 21, not " + opset);
        }
    }
}
