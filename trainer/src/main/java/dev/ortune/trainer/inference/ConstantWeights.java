package dev.ortune.trainer.inference;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.Message;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The weights of {@code model.safetensors} in the place of {@code graph.onnx}'s inputs for them. As inputs they would go to a
 * GPU anew with each batch; as constants they go there once, and a CPU lays them out for its products once. They stay in
 * the mapped file: the graph says that they are elsewhere, and ONNX Runtime is handed them.
 */
final class ConstantWeights implements AutoCloseable {
    private static final Set<String> TEXT_INPUTS =
            Set.of("input_ids", "attention_mask", "token_type_ids", "decoder_input_ids");

    private final ModelProto model;
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    private ConstantWeights(ModelProto model) {
        this.model = model;
    }

    /**
     * Reads a graph and finds its weights.
     *
     * @throws OrtuneException when it is no ONNX model, keeps data of its own in other files, or lacks a weight
     */
    static ConstantWeights of(Path file, Weights weights) throws OrtException {
        ModelProto model = parse(file);
        ConstantWeights constants = new ConstantWeights(model);
        try {
            for (ValueInfoProto input : model.getGraph().getInputList()) {
                if (!isGiven(input.getName())) {
                    Tensor weight = weights.get(input.getName());
                    constants.tensors.put(
                            input.getName(),
                            OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), weight.data(), weight.shape()));
                }
            }
            return constants;
        } catch (OrtException | RuntimeException e) {
            constants.close();
            throw e;
        }
    }

    /** Whether it comes with each run: a text's tokens, or what another run of encoder or decoder made. */
    private static boolean isGiven(String name) {
        return TEXT_INPUTS.contains(name) || name.startsWith("encoder_") || name.startsWith("past_key_values.");
    }

    private static ModelProto parse(Path file) {
        try {
            ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
            if (namesOtherFiles(model)) {
                throw new OrtuneException(
                        file + ": keeps numbers in another file; weights belong in model.safetensors");
            }
            return model;
        } catch (IOException e) {
            throw new OrtuneException(
                    file + ": is no ONNX model (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    /** Whether any tensor, of whatever node or graph inside, lies elsewhere: none may be read on a file's word. */
    private static boolean namesOtherFiles(Message message) {
        if (message instanceof TensorProto tensor) {
            return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
        }
        return message.getAllFields().values().stream()
                .flatMap(value -> value instanceof List<?> list ? list.stream() : Stream.of(value))
                .anyMatch(value -> value instanceof Message inner && namesOtherFiles(inner));
    }

    /** A session of the graph with its weights; this must outlive it. */
    OrtSession session(OrtSession.SessionOptions options) throws OrtException {
        options.addExternalInitializers(new LinkedHashMap<>(tensors));
        return OrtEnvironment.getEnvironment().createSession(graph().toByteArray(), options);
    }

    private ModelProto graph() {
        GraphProto.Builder graph = model.getGraph().toBuilder().clearInput();
        for (ValueInfoProto input : model.getGraph().getInputList()) {
            OnnxTensor tensor = tensors.get(input.getName());
            if (tensor == null) {
                graph.addInput(input);
            } else {
                graph.addInitializer(elsewhere(input.getName(), tensor.getInfo().getShape()));
            }
        }
        return model.toBuilder().setGraph(graph).build();
    }

    private static TensorProto elsewhere(String name, long[] shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT_VALUE)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("model.safetensors"));
        for (long dim : shape) {
            tensor.addDims(dim);
        }
        return tensor.build();
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }
}
