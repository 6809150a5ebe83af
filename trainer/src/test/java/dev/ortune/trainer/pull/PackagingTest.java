package dev.ortune.trainer.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagingTest {
    private static final Packaging ONNX = new Packaging.OnnxEncoder("tiny");
    private static final Packaging GOOGLE = new Packaging.GoogleCheckpoint("deep/inside");
    private static final String DATA = "variables/variables.data-00000-of-00001";

    @TempDir
    Path temp;

    private final Map<String, byte[]> checkpoint = new LinkedHashMap<>();
    private Path jar;
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        jar = temp.resolve("model.jar");
        folder = Files.createDirectories(temp.resolve("a/b/c"));
        checkpoint.put("assets/vocab.txt", bytes("[PAD]"));
        checkpoint.put("saved_model.pb", bytes("not wanted"));
        checkpoint.put(DATA, bytes("weights"));
        checkpoint.put("variables/variables.index", bytes("index"));
    }

    @Test
    void anEncodersFilesGetTheNamesThatToolsExpect() throws IOException {
        write(Map.of("tiny.onnx", bytes("onnx"), "tiny-tokenizer.json", bytes("{}"), "other", bytes("x")));
        ONNX.unpack(jar, folder);
        assertThat(folder.resolve("model.onnx")).hasContent("onnx");
        assertThat(folder.resolve("tokenizer.json")).hasContent("{}");
        assertThat(folder).isDirectoryNotContaining(path -> path.endsWith("other"));
    }

    @Test
    void aCheckpointComesOutOfTheZipInTheJar() throws IOException {
        writeCheckpoint();
        GOOGLE.unpack(jar, folder);
        assertThat(folder.resolve("vocab.txt")).hasContent("[PAD]");
        assertThat(folder.resolve("variables.index")).hasContent("index");
        assertThat(folder.resolve("variables.data-00000-of-00001")).hasContent("weights");
        try (var paths = Files.list(folder)) {
            assertThat(paths).hasSize(3);
        }
    }

    @Test
    void noNameInAZipLeadsOutOfTheFolder() throws IOException {
        checkpoint.put("../../evil", bytes("x"));
        checkpoint.put("variables/../../../vocab.txt", bytes("x"));
        checkpoint.put("/tmp/evil", bytes("x"));
        writeCheckpoint();
        GOOGLE.unpack(jar, folder);
        try (var paths = Files.walk(temp)) {
            assertThat(paths.filter(Files::isRegularFile)).hasSize(4);
        }
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        write(Map.of("tiny.onnx", bytes("onnx")));
        refused(ONNX, "model.jar holds no tiny-tokenizer.json");
        refused(GOOGLE, "model.jar holds no deep/inside");
        checkpoint.remove("variables/variables.index");
        writeCheckpoint();
        refused(GOOGLE, "deep/inside holds no variables/variables.index");
    }

    @Test
    void anEmptyFileIsNamed() throws IOException {
        write(Map.of("tiny.onnx", new byte[0], "tiny-tokenizer.json", bytes("{}")));
        refused(ONNX, "model.onnx is empty in the artifact");
    }

    @Test
    void aDamagedJarIsNamed() throws IOException {
        Files.writeString(jar, "<html>not found</html>");
        refused(ONNX, "model.jar is not a readable zip");
    }

    @Test
    void aDamagedEntryIsNamed() throws IOException {
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        byte[] spoilt = zip(Map.of("tiny.onnx", noise));
        Arrays.fill(spoilt, 50, 300, (byte) 7);
        Files.write(jar, spoilt);
        refused(ONNX, "model.jar is not a readable zip");
    }

    @Test
    void aDamagedZipInTheJarIsNamed() throws IOException {
        write(Map.of("deep/inside", bytes("<html>")));
        refused(GOOGLE, "deep/inside holds no ");
        checkpoint.put(DATA, new byte[100_000]);
        byte[] whole = zip(checkpoint);
        byte[] spoilt = whole.clone();
        Arrays.fill(spoilt, 200, 260, (byte) 7);
        write(Map.of("deep/inside", spoilt));
        refused(GOOGLE, "deep/inside is not a readable zip");
        write(Map.of("deep/inside", Arrays.copyOf(whole, 200)));
        refused(GOOGLE, "deep/inside is not a readable zip");
    }

    private void refused(Packaging packaging, String message) {
        assertThatThrownBy(() -> packaging.unpack(jar, folder))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining(message);
    }

    private void writeCheckpoint() throws IOException {
        write(Map.of("deep/inside", zip(checkpoint)));
    }

    private void write(Map<String, byte[]> entries) throws IOException {
        Files.write(jar, zip(entries));
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
