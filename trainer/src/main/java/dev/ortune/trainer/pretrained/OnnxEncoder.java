package dev.ortune.trainer.pretrained;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The weights inside an encoder that PyTorch exported to ONNX. Embeddings, biases and LayerNorms are initialisers under
 * their own names; each weight matrix is an unnamed {@code [in, out]} initialiser, known by the MatMul that reads it:
 * {@code /encoder/layer.0/attention/self/query/MatMul} and so on.
 */
final class OnnxEncoder {
    private final Path file;
    private final Map<String, TensorProto> initializers = new LinkedHashMap<>();
    private final List<NodeProto> products;

    private OnnxEncoder(Path file, GraphProto graph) {
        this.file = file;
        for (TensorProto initializer : graph.getInitializerList()) {
            if (initializers.put(initializer.getName(), initializer) != null) {
                throw broken(initializer.getName(), "appears twice");
            }
        }
        products = graph.getNodeList().stream()
                .filter(node -> node.getOpType().equals("MatMul") && node.getInputCount() == 2)
                .toList();
    }

    /** The tensors whose Hugging Face name is {@code wanted}, matrices transposed to {@code [out, in]}. */
    static Weights read(Path file, Predicate<String> wanted) {
        OnnxEncoder encoder = new OnnxEncoder(file, parse(file).getGraph());
        List<Tensor> tensors = new ArrayList<>();
        encoder.named(wanted, tensors);
        encoder.matrices(wanted, tensors);
        return new Weights(file.toString(), tensors);
    }

    /** Parses without copying: raw tensor data stays in the mapped file. */
    private static ModelProto parse(Path file) {
        MappedFile mapped = MappedFile.open(file);
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(mapped.slice(0, mapped.size(), "the model"))
                .newCodedInput();
        input.enableAliasing(true);
        try {
            ModelProto model = ModelProto.parseFrom(input);
            if (!model.hasGraph()) {
                throw new OrtuneException(file + ": is not an ONNX model (no graph inside)");
            }
            return model;
        } catch (IOException e) {
            throw new OrtuneException(file + ": is not an ONNX model (" + Printable.of(e.getMessage()) + ")", e);
        }
    }

    private void named(Predicate<String> wanted, List<Tensor> tensors) {
        for (TensorProto initializer : initializers.values()) {
            String name = initializer.getName();
            if (wanted.test(name)) {
                tensors.add(new Tensor(name, shape(initializer), floats(initializer)));
            }
        }
    }

    private void matrices(Predicate<String> wanted, List<Tensor> tensors) {
        for (NodeProto product : products) {
            String name = weightName(product.getName());
            TensorProto matrix = initializers.get(product.getInput(1));
            if (matrix != null && wanted.test(name)) {
                tensors.add(transposed(name, matrix));
            }
        }
    }

    /** {@code /encoder/layer.0/output/dense/MatMul} to {@code encoder.layer.0.output.dense.weight}. */
    private static String weightName(String node) {
        return node.replaceFirst("^/", "").replaceFirst("/MatMul$", "").replace('/', '.') + ".weight";
    }

    private Tensor transposed(String name, TensorProto matrix) {
        long[] shape = shape(matrix);
        if (shape.length != 2) {
            throw broken(name, "is no matrix: it has " + shape.length + " dimensions");
        }
        FloatBuffer data = Float32.transposed(floats(matrix), (int) shape[0], (int) shape[1]);
        return new Tensor(name, new long[] {shape[1], shape[0]}, data);
    }

    /** The dimensions, once they are known to be those of a buffer's worth of elements. */
    private long[] shape(TensorProto initializer) {
        long[] shape = initializer.getDimsList().stream().mapToLong(dim -> dim).toArray();
        long count = 1;
        for (long dim : shape) {
            if (dim < 0 || dim > Integer.MAX_VALUE) {
                throw broken(initializer.getName(), "has the impossible dimension " + dim);
            }
            count = Math.min(count * dim, Integer.MAX_VALUE);
        }
        if (count == Integer.MAX_VALUE) {
            throw broken(initializer.getName(), "is larger than 2 GB, which is not supported");
        }
        return shape;
    }

    private FloatBuffer floats(TensorProto initializer) {
        String name = initializer.getName();
        if (initializer.getDataType() != TensorProto.DataType.FLOAT_VALUE) {
            TensorProto.DataType type = TensorProto.DataType.forNumber(initializer.getDataType());
            throw broken(name, "is " + type + "; only FLOAT can be read");
        }
        if (initializer.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            throw broken(name, "lies in another file (external data), which is not supported");
        }
        boolean raw = initializer.hasRawData();
        FloatBuffer floats = raw
                ? initializer
                        .getRawData()
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer()
                : copied(initializer);
        long needed = Tensor.elements(shape(initializer)) * Float.BYTES;
        long bytes = raw ? initializer.getRawData().size() : (long) floats.remaining() * Float.BYTES;
        if (needed != bytes) {
            throw broken(name, "needs " + needed + " bytes but has " + bytes);
        }
        return floats;
    }

    private static FloatBuffer copied(TensorProto initializer) {
        FloatBuffer floats = Float32.direct(initializer.getFloatDataCount());
        for (int i = 0; i < initializer.getFloatDataCount(); i++) {
            floats.put(i, initializer.getFloatData(i));
        }
        return floats;
    }

    private OrtuneException broken(String tensor, String what) {
        return new OrtuneException(file + ": tensor " + Printable.of(tensor) + " " + what);
    }
}
