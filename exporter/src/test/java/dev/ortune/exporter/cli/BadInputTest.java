package dev.ortune.exporter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtEnvironment;
import dev.ortune.exporter.TinyBert;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to be broken: one line that names the file, exit code 1, and what was exported before is as it was. */
class BadInputTest {
    @TempDir
    private Path folder;

    private Path model;
    private byte[] before;

    @BeforeEach
    void exportOnce() throws IOException {
        model = TinyBert.write(folder.resolve("tiny"));
        assertThat(Cli.run("export", model, "--precision=fp32").exit()).isZero();
        before = Files.readAllBytes(model.resolve("onnx/model.onnx"));
    }

    @Test
    void missingFiles() throws IOException {
        for (String name : List.of("graph.onnx", "model.safetensors", "config.json", "tokenizer.json")) {
            Path hidden = Files.move(model.resolve(name), folder.resolve("hidden"));
            refused(model.resolve(name) + ": no such file");
            Files.move(hidden, model.resolve(name));
        }
    }

    @Test
    void cutOffWeights() throws IOException {
        byte[] weights = Files.readAllBytes(model.resolve("model.safetensors"));
        Files.write(model.resolve("model.safetensors"), java.util.Arrays.copyOf(weights, weights.length - 1000));
        refused("model.safetensors: tensor ", "ends outside the file");
    }

    @Test
    void weightsOfAnotherModel() throws IOException {
        rename("classifier.bias", "classifier.bia5");
        refused("tensor classifier.bias is missing; the graph takes it");
    }

    @Test
    void weightsOfAnotherShape() throws IOException {
        rename("\"shape\":[3,64]", "\"shape\":[64,3]");
        refused("tensor classifier.weight has shape [64, 3], but the graph takes [3, 64]");
    }

    @Test
    void weightsOfAnotherType() throws IOException {
        rename("\"classifier.bias\":{\"dtype\":\"F32\"", "\"classifier.bias\":{\"dtype\":\"I32\"");
        refused("tensor classifier.bias is I32; only F32, F16 and BF16 can be exported");
    }

    @Test
    void noOnnxAtAll() throws IOException {
        Files.writeString(model.resolve("graph.onnx"), "hello");
        refused("graph.onnx: is no ONNX model");
        Files.write(model.resolve("graph.onnx"), new byte[0]);
        refused("graph.onnx: is no ONNX model");
    }

    @Test
    void aCutOffGraph() throws IOException {
        byte[] graph = Files.readAllBytes(model.resolve("graph.onnx"));
        Files.write(model.resolve("graph.onnx"), java.util.Arrays.copyOf(graph, graph.length / 2));
        refused("graph.onnx: ");
    }

    @Test
    void aConfigurationOfOtherLabels() throws IOException {
        Files.writeString(model.resolve("config.json"), "{\"id2label\": {\"0\": \"bad\", \"1\": \"good\"}}");
        refused("config.json: id2label names 2 labels, but the graph's logits are of 3");
        Files.writeString(model.resolve("config.json"), "{\"architectures\": [\"BertForTokenClassification\"]}");
        refused("graph.onnx: its output must be logits, FLOAT [batch, sequence, labels] for token-classification,");
        Files.writeString(model.resolve("config.json"), "{");
        refused("config.json: is not valid JSON");
    }

    @Test
    void aBrokenTokenizer() throws IOException {
        Files.writeString(model.resolve("tokenizer.json"), "{\"model\": 1}");
        refused("tokenizer.json: is no usable tokenizer");
        Files.writeString(
                model.resolve("tokenizer.json"),
                "{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}, \"unk_token\": \"[UNK]\"}}");
        refused("tokenizer.json: cannot encode a text (WordLevel error: Missing [UNK] token from the vocabulary)");
    }

    @Test
    void dataThatCannotBeRead() throws IOException {
        Path data = folder.resolve("data.tsv");
        refusedWith(List.of("--data", data), data + ": no such file");
        Files.writeString(data, "words\tlabel\na\tb\n");
        refusedWith(
                List.of("--data", data),
                "cannot tell the text column; the columns are words, label; name it with --text-column");
        Files.writeString(data, "sentence\tlabel\nthe cat\texcellent\n");
        refusedWith(List.of("--data", data), "line 2: the label excellent is not one of bad, fair, good");
        Files.writeString(data, "sentence\tlabel\nthe cat\n");
        refusedWith(List.of("--data", data), "line 2: 1 columns where the first line has 2");
        Files.write(data, new byte[] {(byte) 0xc0, (byte) 0xaf});
        refusedWith(List.of("--data", data), "line 1: no valid UTF-8");
    }

    @Test
    void aTamperedFileOrRecord() throws IOException {
        Path json = model.resolve("onnx/export.json");
        String text = Files.readString(json);
        Files.writeString(json, text.replaceFirst("\"sha256\" : \"....", "\"sha256\" : \"0000"));
        refused("export.json: model.onnx has another SHA-256 than is written there");
        Files.writeString(json, text.replace("\"model.onnx\"", "\"../config.json\""));
        refused("export.json: names the file ../config.json, which is not there");
        Files.writeString(json, "[]");
        refused("export.json: is not a JSON object");
        Files.writeString(json, "{\"format\": 2}");
        refused("export.json: is not what Ortune wrote");
    }

    @Test
    void aSecondExportAtTheSameTime() throws IOException {
        try (FileChannel channel = FileChannel.open(
                        model.resolve(".onnx.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            refused("onnx: another process is exporting to it");
        }
    }

    @Test
    void whatAKilledExportLeftIsRemoved() throws IOException {
        Path staging = Files.createDirectories(model.resolve(".onnx.exporting"));
        Files.writeString(staging.resolve("model.onnx"), "half");
        assertThat(Cli.run("export", model, "--precision=fp32").exit()).isZero();
        assertThat(staging).doesNotExist();
    }

    /** It was killed between the two changes of names by which a new export takes the place of the old one. */
    @Test
    void whatAKilledExportTookAwayIsPutBack() throws IOException {
        Files.move(model.resolve("onnx"), model.resolve(".onnx.old"));
        assertThat(Cli.run("export", model, "--precision=int8", "--force").exit())
                .isZero();
        assertThat(model.resolve(".onnx.old")).doesNotExist();
        untouched();
    }

    /** A limit on the size of files makes writes fail as a full disk does. */
    @Test
    void aFullDisk() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/bin/prlimit")), "no prlimit here: a full disk is not tried");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        java, "-XX:-UsePerfData", "-cp", classPath, LimitedExport.class.getName(), model.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(output).contains("ortune: " + model.resolve(".onnx.exporting/model.onnx") + ": cannot be written (");
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(model.resolve(".onnx.exporting")).doesNotExist();
        untouched();
    }

    /** Exports with files of at most 100,000 bytes, once the native libraries are unpacked. */
    static final class LimitedExport {
        private LimitedExport() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            OrtEnvironment.getEnvironment();
            String pid = Long.toString(ProcessHandle.current().pid());
            int limited = new ProcessBuilder("prlimit", "--pid", pid, "--fsize=100000")
                    .inheritIO()
                    .start()
                    .waitFor();
            System.exit(limited == 0 ? Ortune.run(Ortune.commandLine(), "export", arguments[0]) : 3);
        }
    }

    @Test
    void anUnwritableFolder() {
        assumeTrue(
                model.toFile().setWritable(false) && !Files.isWritable(model), "everything is writable for this user");
        refused("onnx: cannot be made");
        assertThat(model.toFile().setWritable(true)).isTrue();
    }

    /** This one keeps out even the user who may write everything. */
    @Test
    void aFileInThePlaceOfTheFolder() throws IOException {
        Path away = Files.move(model.resolve(".onnx.lock"), folder.resolve("lock"));
        Files.createDirectory(model.resolve(".onnx.lock"));
        refused("onnx: cannot be made");
        Files.delete(model.resolve(".onnx.lock"));
        Files.move(away, model.resolve(".onnx.lock"));
    }

    private void rename(String from, String to) throws IOException {
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        Files.write(weights, text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
    }

    private void refused(String... messages) {
        refusedWith(List.of(), messages);
    }

    private void refusedWith(List<Object> options, String... messages) {
        List<Object> arguments = new ArrayList<>(List.of("export", model, "--precision=fp32"));
        arguments.addAll(options);
        Cli cli = Cli.run(arguments.toArray());
        assertThat(cli.err()).startsWith("ortune: ").contains(messages);
        assertThat(cli.err().strip().lines()).hasSize(1);
        assertThat(cli.exit()).isEqualTo(1);
        untouched();
    }

    private void untouched() {
        assertThat(model.resolve("onnx/model.onnx")).hasBinaryContent(before);
    }
}
