package dev.ortune.exporter.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** A whole file of each kind, and ways to break it that chance would hardly come upon. */
final class MalformedFiles {
    private MalformedFiles() {}

    /** The contents of the whole file first. */
    static List<byte[]> of(HostileFile file, Path model) throws IOException {
        Path path = model.resolve(file.path());
        List<byte[]> all = new ArrayList<>();
        if (Files.exists(path)) {
            byte[] whole = Files.readAllBytes(path);
            all.add(whole);
            all.add(Arrays.copyOf(whole, whole.length / 2));
        }
        all.add(new byte[0]);
        switch (file) {
            case WEIGHTS -> weights(all);
            case GRAPH -> graphs(ModelProto.parseFrom(all.get(0)), all);
            case CONFIG ->
                json(
                        all,
                        "{\"id2label\":{\"0\":\"a\",\"1\":\"b\"},\"max_position_embeddings\":-1,\"pad_token_id\":1e99}",
                        "{\"id2label\":[1,2]}",
                        "{\"architectures\":{},\"problem_type\":[],\"model_type\":\"roberta\",\"pad_token_id\":-9e18}");
            case TOKENIZER_CONFIG -> json(all, "{\"model_max_length\":1e30}", "{\"model_max_length\":\"\\u0000\"}");
            case TOKENIZER ->
                json(
                        all,
                        "{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAAAEAAA=\"},\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"[UNK]\":0},\"unk_token\":\"[UNK]\"}}",
                        "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"[UNK]\"}}",
                        "{\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[],\"pair\":[{\"SpecialToken\":{\"id\":\"[SEP]\",\"type_id\":0}}],"
                                + "\"special_tokens\":{}},\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"[UNK]\":0},\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":9}}",
                        "{\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"a\":4294967296}}}");
            case EXPORT_JSON ->
                json(
                        all,
                        "{\"format\":1,\"files\":[{\"file\":\"../../../config.json\"}]}",
                        "{\"format\":1,\"files\":[{\"file\":\"a\\u0000b\"}]}",
                        "{\"format\":1,\"files\":[{\"file\":\"\\u001b[2J\"}]}",
                        "{\"format\":1,\"files\":[1,null,[]],\"source\":[]}",
                        new String(all.get(0), StandardCharsets.UTF_8)
                                .replaceAll("\"source\" : \\{[^}]*}", "\"source\" : 7"));
            case TSV -> text(all, "sentence\tlabel\nthe cat\tgood\na\u0000\t0\n\ud800\t1\n", "1\t0\t\ta\n2\t1\t\tb\n");
            case CSV -> text(all, "text,label\n\"a \"\"cat\"\"\n\",2\n", "text,label\n\"open,1\n");
            case JSONL ->
                text(
                        all,
                        "{\"text\":\"a\",\"label\":1}\n{\"text\":\"b\",\"label\":\"good\"}\n",
                        "{\"text\":\"\\ud800\\u0000\"}\n",
                        "null\n",
                        "\n");
            case GZIP -> packed(all);
            case CONLL, TEXT ->
                text(all, "-DOCSTART- -X- O\n\nU.N. B-ORG\n\u0000\tO\n\n", "one\ntwo words\n\ud800\n", "\n\n");
        }
        return all;
    }

    /** Rows, rows that are cut off, and bombs: megabytes out of kilobytes, of one line and of many. */
    private static void packed(List<byte[]> all) throws IOException {
        byte[] rows = gzip("text\tlabel\nthe cat\tgood\n", 1);
        all.add(rows);
        all.add(Arrays.copyOf(rows, rows.length - 9));
        all.add(gzip("a".repeat(1 << 20), 6));
        all.add(gzip("text\n".repeat(1 << 18), 5));
    }

    private static byte[] gzip(String text, int times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < times; i++) {
                gzip.write(text.getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static void json(List<byte[]> all, String... texts) {
        text(all, texts);
        text(all, "[".repeat(100_000), "{\"a\":".repeat(100_000), "{\"id2label\":" + "9".repeat(50_000) + "}", "null");
    }

    private static void text(List<byte[]> all, String... texts) {
        for (String text : texts) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void weights(List<byte[]> all) {
        for (String header : List.of(
                // A hundred million elements, sizes that overflow to what is there, and places outside the file.
                "{\"classifier.bias\":{\"dtype\":\"F32\",\"shape\":[100000000],\"data_offsets\":[0,400000000]}}",
                "{\"classifier.bias\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}",
                "{\"classifier.bias\":{\"dtype\":\"F64\",\"shape\":[2305843009213693953],\"data_offsets\":[0,8]}}",
                "{\"classifier.bias\":{\"dtype\":\"F16\",\"shape\":[3],\"data_offsets\":[9223372036854775801,"
                        + "9223372036854775807]}}",
                "{\"classifier.bias\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[-12,0]}}",
                "{\"classifier.bias\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
                "{\"classifier.bias\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]}}",
                "{\"a\":".repeat(50_000))) {
            byte[] json = header.getBytes(StandardCharsets.UTF_8);
            for (long length : new long[] {json.length, Long.MAX_VALUE, -1, 100_000_000}) {
                ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 12).order(ByteOrder.LITTLE_ENDIAN);
                all.add(bytes.putLong(length).put(json).array());
            }
        }
    }

    private static void graphs(ModelProto whole, List<byte[]> all) {
        constant(whole, all, tensor -> tensor.setDataType(1).addDims(1L << 32).addDims(1L << 32));
        constant(
                whole, all, tensor -> tensor.setDataType(1).addDims(100_000_000).setRawData(ByteString.EMPTY));
        constant(whole, all, tensor -> tensor.setDataType(7).addDims(-1));
        constant(whole, all, tensor -> tensor.setDataType(1)
                .addDims(2)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(StringStringEntryProto.newBuilder()
                        .setKey("location")
                        .setValue("../../../../../../etc/passwd")));
        for (String operator :
                List.of("Transpose", "Gather", "MatMul", "Slice", "Reshape", "Concat", "Attention", "Mul")) {
            node(whole, all, node -> node.setOpType(operator).clearInput().addInput("input_ids"));
            node(whole, all, node -> node.setOpType(operator).clearInput());
            node(whole, all, node -> node.setOpType(operator)
                    .addAttribute(AttributeProto.newBuilder().setName("axis").setI(Long.MIN_VALUE))
                    .addAttribute(AttributeProto.newBuilder().setName("perm").addInts(99)));
        }
        node(whole, all, node -> node.setOpType("ConstantOfShape").clearInput().addInput("huge"));
        node(whole, all, node -> node.clearOutput());
        node(
                whole,
                all,
                node -> node.addAttribute(
                        AttributeProto.newBuilder().setName("body").setG(whole.getGraph())));
    }

    private static void constant(ModelProto whole, List<byte[]> all, Consumer<TensorProto.Builder> change) {
        ModelProto.Builder model = whole.toBuilder();
        change.accept(model.getGraphBuilder().addInitializerBuilder().setName("hostile"));
        all.add(model.build().toByteArray());
    }

    /** Changes nodes at the start, in the middle and at the end. */
    private static void node(ModelProto whole, List<byte[]> all, Consumer<NodeProto.Builder> change) {
        int count = whole.getGraph().getNodeCount();
        for (int index : new int[] {0, 1, count / 2, count - 2, count - 1}) {
            ModelProto.Builder model = whole.toBuilder();
            model.getGraphBuilder()
                    .addInitializerBuilder()
                    .setName("huge")
                    .setDataType(7)
                    .addDims(1)
                    .addInt64Data(1L << 40);
            change.accept(model.getGraphBuilder().getNodeBuilder(index));
            all.add(model.build().toByteArray());
        }
    }
}
