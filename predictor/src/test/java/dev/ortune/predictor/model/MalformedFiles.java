package dev.ortune.predictor.model;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A whole file of each kind, and ways to break it that chance would hardly come upon. */
final class MalformedFiles {
    private MalformedFiles() {}

    /** The contents of the whole file first. */
    static List<byte[]> of(HostileFile file, Path model) throws IOException {
        List<byte[]> all = new ArrayList<>();
        byte[] whole = Files.readAllBytes(model.resolve(file.path()));
        all.add(whole);
        all.add(Arrays.copyOf(whole, whole.length / 2));
        all.add(new byte[0]);
        switch (file) {
            case CONFIG ->
                json(
                        all,
                        config("\"max_position_embeddings\":-1"),
                        config("\"max_position_embeddings\":1"),
                        config("\"pad_token_id\":1e99"),
                        config("\"pad_token_id\":-7"),
                        "{\"id2label\":[1,2]}");
            case TOKENIZER ->
                json(
                        all,
                        "{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAAAEAAA=\"},\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"[UNK]\":0},\"unk_token\":\"[UNK]\"}}",
                        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":4294967296}}}",
                        "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"[UNK]\"}}",
                        "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a3\":5},\"unk_token\":\"[UNK]\"}}",
                        "{\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[],\"pair\":[{\"SpecialToken\":{\"id\":\"[SEP]\",\"type_id\":0}}],"
                                + "\"special_tokens\":{}},\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"[UNK]\":0},\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":9}}",
                        "{\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}",
                        "{\"decoder\":7}",
                        new String(whole, StandardCharsets.UTF_8).replaceFirst("\"w1\":\\d+", "\"warm\":1000000"));
            case TOKENIZER_CONFIG -> json(all, "{\"model_max_length\":1e30}", "{\"model_max_length\":\"\\u0000\"}");
            case EXPORT_JSON ->
                json(
                        all,
                        entry("\"../../config.json\""),
                        entry("\"a\\u0000b\""),
                        entry("\"\\u001b[2J\""),
                        entry("\"..\""),
                        "{\"files\":[1,null,[]]}");
            case GRAPH -> graphs(ModelProto.parseFrom(whole), all);
        }
        return all;
    }

    private static String config(String field) {
        return "{\"id2label\":{\"0\":\"no\",\"1\":\"maybe\",\"2\":\"yes\"}," + field + "}";
    }

    private static String entry(String file) {
        return "{\"files\":[{\"precision\":\"fp32\",\"verification\":{\"passed\":true},\"sha256\":\"0\",\"file\":"
                + file + "}]}";
    }

    private static void json(List<byte[]> all, String... texts) {
        for (String text : texts) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
        }
        for (String text :
                List.of("[".repeat(100_000), "{\"a\":".repeat(100_000), "{\"id2label\":" + "9".repeat(50_000) + "}")) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void graphs(ModelProto whole, List<byte[]> all) {
        table(whole, all, tensor -> tensor.clearDims().addDims(1L << 32).addDims(1L << 32));
        table(whole, all, tensor -> tensor.clearDims().addDims(100_000_000).addDims(3));
        table(whole, all, tensor -> tensor.clearDims().addDims(-1));
        table(whole, all, tensor -> tensor.clearFloatData().setRawData(ByteString.EMPTY));
        table(whole, all, tensor -> tensor.setDataType(99));
        for (String location : List.of("../../config.json", "/etc/passwd", "", "a\0b")) {
            table(whole, all, tensor -> tensor.clearFloatData()
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(StringStringEntryProto.newBuilder()
                            .setKey("location")
                            .setValue(location)));
        }
        for (int element : new int[] {1, 6, 8}) {
            change(whole, all, model -> model.getGraphBuilder()
                    .getInputBuilder(0)
                    .setType(TypeProto.newBuilder()
                            .setTensorType(TypeProto.Tensor.newBuilder().setElemType(element))));
        }
        for (String operator : List.of("Loop", "Identity", "Concat", "\u001b[2J", "Transpose")) {
            for (int node = 0; node < whole.getGraph().getNodeCount(); node++) {
                int index = node;
                change(whole, all, model -> model.getGraphBuilder()
                        .getNodeBuilder(index)
                        .setOpType(operator));
                change(whole, all, model -> model.getGraphBuilder()
                        .getNodeBuilder(index)
                        .clearInput());
            }
        }
        change(whole, all, model -> model.getGraphBuilder().clearOutput());
        change(whole, all, model -> model.getGraphBuilder().getOutputBuilder(0).setName("x\ny"));
        change(whole, all, model -> model.clearOpsetImport());
        change(whole, all, model -> model.getOpsetImportBuilder(0).setVersion(Long.MAX_VALUE));
    }

    private static void table(ModelProto whole, List<byte[]> all, Consumer<TensorProto.Builder> change) {
        change(whole, all, model -> change.accept(model.getGraphBuilder().getInitializerBuilder(0)));
    }

    private static void change(ModelProto whole, List<byte[]> all, Consumer<ModelProto.Builder> change) {
        ModelProto.Builder model = whole.toBuilder();
        change.accept(model);
        all.add(model.build().toByteArray());
    }
}
