package dev.ortune.predictor;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.files.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A model folder whose verdicts can be told without it: each word has a weight for each label, and a text's logits are the
 * sums of its words'. Word {@code w7} weighs 0.07 for {@code yes} and -0.14 for {@code no}; {@code maybe} gets nothing.
 */
public final class TinyClassifier {
    public static final List<String> LABELS = List.of("no", "maybe", "yes");
    public static final int WORDS = 200;
    public static final int MAX_LENGTH = 16;

    /** A word at which ONNX Runtime fails: its number is beyond the table's end. */
    public static final String POISON = "poison";

    /** Of the matrices whose products a slow one computes beside. */
    private static final int SLOW = 1000;

    /** How long a slow one takes for a batch, in nanoseconds. */
    private static final long SLOWLY = Duration.ofMillis(100).toNanos();

    private static final int SPECIAL = 2;

    private TinyClassifier() {}

    public static Path write(Path folder) throws IOException {
        return write(folder, 1);
    }

    /** One whose labels do not exclude each other, given from a probability each: {@code 0.5} where none is named. */
    public static Path writeMultiLabel(Path folder, String thresholds) throws IOException {
        Path config = writeMultiLabel(folder).resolve("config.json");
        String named = "{\"thresholds\": " + thresholds + ", \"problem_type\"";
        Files.writeString(config, Files.readString(config).replace("{\"problem_type\"", named));
        return folder;
    }

    /** One whose labels do not exclude each other. */
    public static Path writeMultiLabel(Path folder) throws IOException {
        Path config = write(folder).resolve("config.json");
        String kind = "{\"problem_type\": \"multi_label_classification\", \"model_type\"";
        Files.writeString(config, Files.readString(config).replace("{\"model_type\"", kind));
        return folder;
    }

    /** One whose logits are {@code factor} times as large. */
    public static Path write(Path folder, double factor) throws IOException {
        Files.createDirectories(folder.resolve("onnx"));
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "bert", "max_position_embeddings": 16, "pad_token_id": 0,
                 "id2label": {"0": "no", "1": "maybe", "2": "yes"}, "label2id": {"no": 0, "maybe": 1, "yes": 2}}
                """);
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
        Path file = Files.write(folder.resolve("onnx/model.onnx"), model(factor).toByteArray());
        Files.writeString(folder.resolve("onnx/export.json"), """
                {"format": 1, "files": [{"file": "model.onnx", "precision": "fp32", "optimize": null,
                 "sha256": "%s", "bytes": %d, "verification": {"passed": true}}]}
                """.formatted(Sha256.of(file), Files.size(file)));
        return folder;
    }

    /** One that takes a tenth of a second for a batch on a thread, on this machine. */
    public static Path writeSlow(Path folder) throws IOException {
        Path file = write(folder).resolve("onnx/model.onnx");
        ModelProto quick = ModelProto.parseFrom(Files.readAllBytes(file));
        long products = Math.max(1, SLOWLY / nanosOf(slow(quick, 1)));
        Files.write(file, slow(quick, products).toByteArray());
        Files.delete(folder.resolve("onnx/export.json"));
        return folder;
    }

    private static ModelProto slow(ModelProto quick, long products) {
        ModelProto.Builder model = quick.toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        graph.getNodeBuilder(graph.getNodeCount() - 1).setOutput(0, "sums");
        TensorProto.Builder shape =
                TensorProto.newBuilder().setName("shape").setDataType(7).addDims(2);
        graph.addInitializer(shape.addInt64Data(SLOW).addInt64Data(SLOW))
                .addNode(node("ConstantOfShape", List.of("shape"), "zeros"))
                .addNode(node("ReduceSum", List.of("mask"), "count").addAttribute(attribute("keepdims", 0)))
                .addNode(node("Sub", List.of("count", "count"), "zero"))
                .addNode(node("Add", List.of("zeros", "zero"), "product0"));
        for (long i = 0; i < products; i++) {
            graph.addNode(node("MatMul", List.of("product" + i, "zeros"), "product" + (i + 1)));
        }
        graph.addNode(node("ReduceSum", List.of("product" + products), "nothing")
                        .addAttribute(attribute("keepdims", 0)))
                .addNode(node("Add", List.of("sums", "nothing"), "logits"));
        return model.build();
    }

    /** The quickest of three batches of one word on a thread. */
    private static long nanosOf(ModelProto model) throws IOException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        long[][] one = {{1}};
        try (SessionOptions options = new SessionOptions()) {
            options.setIntraOpNumThreads(1);
            try (OrtSession session = environment.createSession(model.toByteArray(), options);
                    OnnxTensor ids = OnnxTensor.createTensor(environment, one)) {
                long quickest = Long.MAX_VALUE;
                for (int i = 0; i < 3; i++) {
                    long start = System.nanoTime();
                    session.run(Map.of("input_ids", ids, "attention_mask", ids)).close();
                    quickest = Math.min(quickest, System.nanoTime() - start);
                }
                return quickest;
            }
        } catch (OrtException e) {
            throw new IOException(e);
        }
    }

    /** The same with its weights in a file beside it, as models of more than 2 GB have them. */
    public static Path writeExternal(Path folder) throws IOException {
        Path file = write(folder).resolve("onnx/model.onnx");
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        TensorProto.Builder table = model.getGraphBuilder().getInitializerBuilder(0);
        ByteBuffer raw =
                ByteBuffer.allocate(table.getFloatDataCount() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        table.getFloatDataList().forEach(raw::putFloat);
        Path data = Files.write(folder.resolve("onnx/model.onnx_data"), raw.array());
        table.clearFloatData()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", "model.onnx_data"))
                .addExternalData(entry("offset", "0"))
                .addExternalData(entry("length", Integer.toString(raw.capacity())));
        Files.write(file, model.build().toByteArray());
        Files.writeString(folder.resolve("onnx/export.json"), """
                {"format": 1, "files": [{"file": "model.onnx", "precision": "fp32", "optimize": null,
                 "sha256": "%s", "verification": {"passed": true},
                 "external_data": [{"file": "model.onnx_data", "sha256": "%s"}]}]}
                """.formatted(Sha256.of(file), Sha256.of(data)));
        return folder;
    }

    private static StringStringEntryProto.Builder entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value);
    }

    /** The logits of words by their numbers, {@code [labels]}. */
    public static double[] logits(int... words) {
        double sum = Arrays.stream(words).sum();
        return new double[] {-0.02 * sum, 0, 0.01 * sum};
    }

    /** Softmax of {@link #logits}. */
    public static double[] probabilities(int... words) {
        return probabilities(1.0, words);
    }

    /** Of the model with {@code factor}. */
    public static double[] probabilities(double factor, int[] words) {
        double[] shares = Arrays.stream(logits(words))
                .map(logit -> Math.exp(factor * logit))
                .toArray();
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(share -> share / sum).toArray();
    }

    private static String tokenizer() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = (ObjectNode) mapper.readTree("""
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null, "decoder": null}
                """);
        ObjectNode model = json.putObject("model").put("type", "WordLevel").put("unk_token", "[UNK]");
        ObjectNode vocabulary = model.putObject("vocab").put("[PAD]", 0).put("[UNK]", 1);
        vocabulary.put(POISON, SPECIAL + 100 * WORDS);
        for (int word = 0; word < WORDS; word++) {
            vocabulary.put("w" + word, SPECIAL + word);
        }
        return json.toString();
    }

    // logits = sum over tokens of mask * table[id]
    private static ModelProto model(double factor) {
        TensorProto.Builder table = TensorProto.newBuilder()
                .setName("table")
                .setDataType(1)
                .addAllDims(List.of((long) SPECIAL + WORDS, (long) LABELS.size()));
        for (int row = 0; row < SPECIAL + WORDS; row++) {
            for (double logit : logits(Math.max(0, row - SPECIAL))) {
                table.addFloatData((float) (factor * logit));
            }
        }
        GraphProto graph = GraphProto.newBuilder()
                .setName("words")
                .addInput(value("input_ids", 7, "batch", "sequence"))
                .addInput(value("attention_mask", 7, "batch", "sequence"))
                .addOutput(value("logits", 1, "batch", "labels"))
                .addInitializer(table)
                .addInitializer(axis("last", 2))
                .addInitializer(axis("words", 1))
                .addNode(node("Gather", List.of("table", "input_ids"), "weights"))
                .addNode(node("Cast", List.of("attention_mask"), "mask").addAttribute(attribute("to", 1)))
                .addNode(node("Unsqueeze", List.of("mask", "last"), "column"))
                .addNode(node("Mul", List.of("weights", "column"), "masked"))
                .addNode(node("ReduceSum", List.of("masked", "words"), "logits").addAttribute(attribute("keepdims", 0)))
                .build();
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build();
    }

    private static NodeProto.Builder node(String operator, List<String> inputs, String output) {
        return NodeProto.newBuilder().setOpType(operator).addAllInput(inputs).addOutput(output);
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private static TensorProto axis(String name, long axis) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(7)
                .addDims(1)
                .addInt64Data(axis)
                .build();
    }

    private static ValueInfoProto value(String name, int type, String... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String dim : dims) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(dim));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
                .build();
    }
}
