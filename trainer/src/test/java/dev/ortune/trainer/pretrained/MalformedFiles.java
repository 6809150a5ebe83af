package dev.ortune.trainer.pretrained;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.ortune.trainer.text.TinyPieces;
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
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A whole file of each kind, and ways to break it that chance would hardly come upon. */
final class MalformedFiles {
    /** Bytes of a zip before the first entry's name. */
    private static final int LOCAL_HEADER = 30;

    private MalformedFiles() {}

    /** The contents of the whole file first, where {@code folder} has one. */
    static List<byte[]> of(HostileFile file, Path folder) throws IOException {
        List<byte[]> all = new ArrayList<>();
        Path path = folder.resolve(file.path());
        if (Files.exists(path) && file != HostileFile.BUNDLE_ENTRY) {
            byte[] whole = Files.readAllBytes(path);
            all.add(whole);
            all.add(Arrays.copyOf(whole, whole.length / 2));
        }
        all.add(new byte[0]);
        switch (file) {
            case CONFIG ->
                json(
                        all,
                        "{\"vocab_size\":100000000,\"hidden_size\":2147483647}",
                        "{\"num_hidden_layers\":2147483647}");
            case WEIGHTS -> weights(all);
            case SHARD_INDEX ->
                json(
                        all,
                        "{\"weight_map\":{\"bert.pooler.dense.bias\":\"../a.safetensors\"}}",
                        "{\"weight_map\":{\"bert.pooler.dense.bias\":\"a\\u0000.safetensors\"}}");
            case TORCH -> TorchFileTest.pickles().forEach(each -> all.add((byte[]) each.get()[1]));
            case ONNX -> onnx(all);
            case GRAPH ->
                all.add(new String(all.get(0), StandardCharsets.ISO_8859_1)
                        .replace("bert.embeddings.word", "bert.embeddings.\nord")
                        .getBytes(StandardCharsets.ISO_8859_1));
            case BUNDLE_INDEX -> {}
            case BUNDLE_ENTRY -> entries(all);
            case ARCHIVE -> archives(folder, all);
            case CHECKPOINT -> checkpoints(all);
            case TOKENIZER ->
                json(
                        all,
                        "{\"normalizer\":{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAAAEAAA=\"},\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"[UNK]\":0},\"unk_token\":\"[UNK]\"}}",
                        "{\"model\":{\"type\":\"WordLevel\",\"vocab\":{\"a\":0},\"unk_token\":\"[UNK]\"}}",
                        "{\"post_processor\":{\"type\":\"TemplateProcessing\",\"single\":[],\"pair\":[{\"SpecialToken\":{\"id\":\"[SEP]\",\"type_id\":0}}],"
                                + "\"special_tokens\":{}},\"model\":{\"type\":\"WordPiece\",\"vocab\":{\"[UNK]\":0},\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":9}}",
                        "{\"model\":{\"vocab\":{\"a\":9999999}}}",
                        "{\"model\":{\"vocab\":{\"a\":-1}}}");
            case TOKENIZER_CONFIG -> json(all, "{\"do_lower_case\":\"no\"}");
            case VOCABULARY -> text(all, "[PAD]\n[UNK]\n[CLS]\n[SEP]\n\n\u0000\n\ud83d\ude00\r\n", "[PAD]\n[PAD]\n");
            case BYTE_VOCABULARY ->
                json(all, "{\"a\":-1}", "{\"a\":\"b\"}", "{\"<s>\":1e9,\"</s>\":0}", "{\"a\":9999999}");
            case MERGES -> text(all, "a  t\n", "a\n", "x y\n", "a t\na t\n\r\n", "\u0000 a\n");
            case PIECES, JOINED_PIECES -> TinyPieces.malformed().forEach(broken -> all.add(broken.bytes()));
            case ADDED_TOKENS -> json(all, "{\"a\":-1,\"\":7,\"b\":7}", "{\"<s>\":1e99}", "{\"▁\":2147483647}");
            case CONLL ->
                text(
                        all,
                        "a\tO\nb\tB-x\n\t\nc\tO\n",
                        "-DOCSTART- O\n\na X O\nb O\n",
                        "a\t\u001b\n",
                        "a 1\nb 3\n",
                        " \u00a0 O\n");
            case TAGGED_JSONL ->
                text(
                        all,
                        "{\"tokens\":[\"a\"],\"ner_tags\":[0]}\n",
                        "{\"words\":[\"\\ud800\",null],\"tags\":[\"O\",{}]}\n",
                        "{\"tokens\":" + "[".repeat(20_000));
            case QUESTIONS ->
                text(
                        all,
                        "{\"data\":[{\"title\":\"t\",\"paragraphs\":[{\"context\":\"\\ud800 b\",\"qas\":[{\"id\":\"\\u001b\",\"question\":\"q\","
                                + "\"answers\":[{\"text\":\"b\",\"answer_start\":2}]}]}]}]}",
                        "{\"context\":\"a\",\"question\":\"q\",\"answers\":{\"text\":[\"a\"],\"answer_start\":[-1]}}\n",
                        "{\"context\":\"a\",\"question\":\"q\",\"answers\":{\"text\":[\"a\"],\"answer_start\":[2147483647]}}\n",
                        "{\"data\":" + "[".repeat(20_000));
            case TSV ->
                text(
                        all,
                        "sentence\tlabel\na\t0\nb\t1\n",
                        "1\t0\t\ta\n1\t1\t*\tb\n",
                        "\ufefftext\tlabel\na\t0\n",
                        "text\tlabel\na\u0000\t0\n",
                        "text\t\u001b[2J\na\t0\n");
            case CSV ->
                text(
                        all,
                        "text,label\n\"a \"\"b\"\"\n\",x\nc,y\n",
                        "text,label\n\"open,1\n",
                        "text,\"la\nbel\"\na,0\n");
            case JSONL -> {
                text(
                        all,
                        "{\"text\":\"a\",\"label\":0}\n{\"label\":1,\"text\":\"b\"}\n",
                        "{\"text\":\"\\ud800\",\"label\":0}\n");
                text(all, "{\"text\":".repeat(20_000), "{\"text\":\"a\",\"label\":" + "9".repeat(5_000) + "}\n");
            }
            case GZIP -> packed(all);
            case ARGUMENTS -> json(all, "{\"data\":{\"test\":{\"file\":\"a\\u0000b\",\"examples\":1e999}}}");
            case METRICS ->
                text(
                        all,
                        "{\"step\":1,\"loss\":1e999}\n{\"step\":1e99,\"eval_loss\":null}\n",
                        "{\"step\":2147483647,\"loss\":\"NaN\"}\n{\"step\":-7,\"loss\":-1e308}\n",
                        "[".repeat(20_000) + "\n{}\n");
            case TOKEN_LENGTHS ->
                json(all, "{\"a\\u001b[2J\":{\"x\":1}}", "{\"train\":{\"999999999\":9223372036854775807}}");
            case WORD_PREDICTIONS -> text(all, "a\tO\t\n\n\n\tB\tI-\n", "a\tO\n", "\n\n", "a\t\u001b\tx\n");
            case ANSWER_PREDICTIONS ->
                text(
                        all,
                        "{\"context\":\"\\ud83d\\ude00\",\"question\":\"\",\"answers\":{\"text\":[\"\"],\"answer_start\":[1]},"
                                + "\"prediction\":\"\",\"start\":1,\"end\":1}\n",
                        "{\"context\":\"a\",\"question\":\"q\",\"start\":2147483647,\"end\":2147483647}\n",
                        "[]\n\n");
            case CHOICES ->
                text(
                        all,
                        "{\"question\":\"\\ud800\",\"choices\":{\"text\":[\"a\",\"b\"],\"label\":[\"\\u001b\",\"B\"]},\"answerKey\":\"B\"}\n",
                        "{\"question\":\"q\",\"choices\":[{\"text\":\"a\",\"label\":{}},\"b\"],\"label\":99999999999}\n",
                        "{\"question\":\"q\",\"choice0\":\"a\",\"choice1\":\"b\",\"label\":\"1.0\"}\n",
                        "{\"question\":\"q\",\"choices\":" + "[".repeat(20_000));
            case CHOICE_PREDICTIONS ->
                text(
                        all,
                        "sentence\tchoice_0\tchoice_1\tlogit_0\tlogit_1\tlabel\nx\ta\tb\t1e38\t-1e38\t9999\n",
                        "sentence\tchoice_0\tchoice_0\tlogit_0\tlogit_0\tlabel\nx\ta\tb\t1\t2\t1\n",
                        "sentence\tchoice_0\tchoice_1\tlogit_0\tlogit_1\tlabel\nx\ta\tb\t\t\t0\n");
            case SWEEP ->
                json(
                        all,
                        "{\"format\":1,\"trials\":[{\"name\":\"../../x\"}]}",
                        "{\"format\":1,\"trials\":[{\"name\":\"a\",\"setting\":{\"\\u001b[2J\":null},\"seconds\":1e999}]}");
            case SWEEP_FILE ->
                text(
                        all,
                        "train: &a [*a]\n",
                        "train: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]\n",
                        "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\ntrain: [*c, *c]\n",
                        "[".repeat(20_000),
                        "train: {seed: 99999999999}\nseeds: 1\n",
                        "train: {}\nsuccessive-halving: {rungs: [NaN]}\n",
                        "train: {a\u0000: b}\n",
                        "? {a: b}\n: c\n");
            case PREDICTIONS ->
                text(
                        all,
                        "sentence\tlogit_a\u001b\tlogit_b\tlabel\nx\t1\t2\tc\n",
                        "sentence\tlogit_a\tlogit_b\tlabel\nx\t1e38\t-1e38\ta\n",
                        "sentence\tlogit_a\tlogit_a\tlabel\nx\t1\t2\ta\n");
        }
        return all;
    }

    private static void json(List<byte[]> all, String... texts) {
        text(all, texts);
        text(all, "{\"a\":".repeat(20_000), "{\"vocab_size\":" + "9".repeat(50_000) + "}", "null");
    }

    private static void text(List<byte[]> all, String... texts) {
        for (String text : texts) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void weights(List<byte[]> all) {
        for (String place : List.of(
                // A hundred million elements, sizes that overflow to what is there, and places outside the file.
                "\"F32\",\"shape\":[100000000],\"data_offsets\":[0,400000000]",
                "\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]",
                "\"F64\",\"shape\":[2305843009213693953],\"data_offsets\":[0,8]",
                "\"F16\",\"shape\":[3],\"data_offsets\":[9223372036854775801,9223372036854775807]",
                "\"F32\",\"shape\":[3],\"data_offsets\":[-12,0]",
                "\"BF16\",\"shape\":[4],\"data_offsets\":[0,8]")) {
            byte[] json = ("{\"bert.pooler.dense.bias\":{\"dtype\":" + place + "}}").getBytes(StandardCharsets.UTF_8);
            for (long length : new long[] {json.length, Long.MAX_VALUE, -1, 100_000_000}) {
                ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
                all.add(bytes.putLong(length).put(json).array());
            }
        }
    }

    private static void onnx(List<byte[]> all) throws IOException {
        byte[] whole = all.get(0);
        tensor(whole, all, tensor -> tensor.clearDims().addDims(1L << 31).addDims(1L << 31));
        tensor(whole, all, tensor -> tensor.clearDims().addDims(100_000_000));
        tensor(whole, all, tensor -> tensor.clearDims().addDims(-7));
        tensor(whole, all, tensor -> tensor.clearDims().addDims(0).clearRawData());
        tensor(whole, all, tensor -> tensor.setDataType(99));
        tensor(whole, all, tensor -> tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(StringStringEntryProto.newBuilder()
                        .setKey("location")
                        .setValue("../../../../../../etc/passwd")));
    }

    private static void tensor(byte[] whole, List<byte[]> all, Consumer<TensorProto.Builder> change)
            throws IOException {
        int count = ModelProto.parseFrom(whole).getGraph().getInitializerCount();
        for (int index : new int[] {0, 5, count - 1}) {
            ModelProto.Builder model = ModelProto.parseFrom(whole).toBuilder();
            change.accept(model.getGraphBuilder().getInitializerBuilder(index));
            all.add(model.build().toByteArray());
        }
    }

    private static void entries(List<byte[]> all) {
        for (long[] shape : new long[][] {{7, 4}, {1L << 32, 1L << 32}, {100_000_000, 1}, {Long.MAX_VALUE}, {}}) {
            all.add(TinyBundle.entry(1, shape, 0, 0, 112, 0));
            all.add(TinyBundle.entry(1, shape, 0, Long.MAX_VALUE - 4, 112, 0));
            all.add(TinyBundle.entry(1, shape, Integer.MAX_VALUE, 0, -4, 0));
        }
    }

    private static void archives(Path folder, List<byte[]> all) throws IOException {
        byte[] index = Files.readAllBytes(folder.resolve("variables.index"));
        byte[] data = Files.readAllBytes(folder.resolve("variables.data-00000-of-00001"));
        for (String prefix : List.of("", "../../../", "/", "a/../../", "..\\..\\")) {
            all.add(zip(prefix, index, data));
        }
        all.add(withoutUtf8(zip("\u00e9", index, data)));
        ByteArrayOutputStream outer = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(outer)) {
            zip.putNextEntry(new ZipEntry("inner"));
            zip.write(all.get(all.size() - 1));
        }
        all.add(outer.toByteArray());
    }

    /** The name of the first entry is no text any more, though its flag says so. */
    private static byte[] withoutUtf8(byte[] zip) {
        zip[LOCAL_HEADER] = (byte) 0xff;
        return zip;
    }

    private static byte[] zip(String prefix, byte[] index, byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(prefix + "variables.index"));
            zip.write(index);
            zip.putNextEntry(new ZipEntry(prefix + "variables.data-00000-of-00001"));
            zip.write(data);
            zip.putNextEntry(new ZipEntry(prefix + "vocab.txt"));
            zip.write(new byte[1 << 20]);
        }
        return bytes.toByteArray();
    }

    /** Offsets and lengths of the FlatBuffer, each replaced by extreme ones. */
    private static void checkpoints(List<byte[]> all) {
        byte[] whole = all.get(0);
        for (int at = 0; at < Math.min(400, whole.length - 4); at += 4) {
            for (int value : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 100_000_000}) {
                byte[] broken = whole.clone();
                ByteBuffer.wrap(broken).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
                all.add(broken);
            }
        }
    }

    private static void packed(List<byte[]> all) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("text\tlabel\na\t0\nb\t1\n".getBytes(StandardCharsets.UTF_8));
        }
        all.add(bytes.toByteArray());
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            byte[] line = "x".repeat(66_000).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 1000; i++) {
                gzip.write(line);
            }
        }
        all.add(bomb.toByteArray());
    }
}
