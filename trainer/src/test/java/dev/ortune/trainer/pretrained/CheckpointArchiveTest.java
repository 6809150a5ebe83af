package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.Bert;
import dev.ortune.trainer.model.Berts;
import dev.ortune.trainer.model.EncoderConfig.Size;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointArchiveTest {
    private static final Bert SHAPE = Berts.bert(new Size(7, 128, 2, 2, 6, 5, 2));

    @TempDir
    Path folder;

    @Test
    void readsASavedModelInAZipInAJar() throws IOException {
        List<Tensor> tensors = TinyBert.tensors(SHAPE.bodyParameters());
        Map<String, byte[]> files = checkpoint(tensors, "module/", "variables", "variables/");
        files.put("assets/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nc\n".getBytes(StandardCharsets.UTF_8));
        files.put("assets/model.json", "{\"doLowerCase\": false}".getBytes(StandardCharsets.UTF_8));
        files.put("saved_model.pb", new byte[3]);
        Path jar = folder.resolve("model.jar");
        Files.write(jar, zip(Map.of("com/example/bert", zip(files))));

        PretrainedModel model = PretrainedModel.load(jar);

        TinyBert.assertSame(model.weights(), tensors);
        assertThat(((Bert) model.architecture()).config()).isEqualTo(SHAPE.config());
        assertThat(model.folder().resolve("vocab.txt")).exists();
        assertThat(model.folder().resolve("saved_model.pb")).doesNotExist();
        assertThat(Files.readString(model.folder().resolve("tokenizer_config.json")))
                .contains("\"do_lower_case\" : false");
    }

    @Test
    void readsGooglesOwnZip() throws IOException {
        List<Tensor> tensors = TinyBert.encoder();
        Map<String, byte[]> files = checkpoint(tensors, "", "bert_model.ckpt", "uncased_L-2/");
        files.put("uncased_L-2/bert_config.json", TinyBert.CONFIG.getBytes(StandardCharsets.UTF_8));
        Path zip = Files.write(folder.resolve("bert.zip"), zip(files));
        Path target = folder.resolve("unpacked");
        CheckpointArchive.unpack(zip, target);
        TinyBert.assertSame(PretrainedModel.load(target).weights(), tensors);
    }

    @Test
    void writesNothingOutsideTheFolder() throws IOException {
        Map<String, byte[]> files = checkpoint(TinyBert.encoder(), "", "bert_model.ckpt", "../../");
        files.put("../../bert_config.json", TinyBert.CONFIG.getBytes(StandardCharsets.UTF_8));
        files.put("../evil.txt", new byte[1]);
        Path zip = Files.write(folder.resolve("bert.zip"), zip(files));
        Path target = folder.resolve("a/b");
        CheckpointArchive.unpack(zip, target);
        assertThat(target.resolve("bert_config.json")).exists();
        assertThat(folder.resolve("bert_config.json")).doesNotExist();
        assertThat(folder.resolve("a/evil.txt")).doesNotExist();
    }

    @Test
    void refusesWidthsThatGoogleNeverUsed() throws IOException {
        Path zip =
                Files.write(folder.resolve("bert.zip"), zip(checkpoint(TinyBert.encoder(), "", "bert_model.ckpt", "")));
        assertThatThrownBy(() -> PretrainedModel.load(zip))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageContaining("is none of Google's BERTs (width 4); put its bert_config.json beside it");
    }

    @Test
    void refusesArchivesWithoutACheckpoint() throws IOException {
        Path zip = Files.write(folder.resolve("bert.zip"), zip(Map.of("a", new byte[2])));
        refused(zip, "holds no TensorFlow checkpoint (variables.index)");
    }

    @Test
    void refusesFilesThatAreNoArchive() throws IOException {
        refused(Files.writeString(folder.resolve("model.bin"), "hello"), "holds no TensorFlow checkpoint");
    }

    @Test
    void refusesTwoCheckpoints() throws IOException {
        Path zip = Files.write(
                folder.resolve("bert.zip"), zip(Map.of("a/vocab.txt", new byte[1], "b/vocab.txt", new byte[1])));
        refused(zip, "holds two files called vocab.txt");
    }

    @Test
    void refusesATruncatedArchive() throws IOException {
        byte[] whole = zip(Map.of("a/vocab.txt", new byte[100]));
        refused(Files.write(folder.resolve("bert.zip"), Arrays.copyOf(whole, 60)), "is damaged (");
    }

    private static void refused(Path archive, String message) {
        assertThatThrownBy(() -> PretrainedModel.load(archive))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(archive + ": " + message);
    }

    private Map<String, byte[]> checkpoint(List<Tensor> tensors, String scope, String prefix, String place)
            throws IOException {
        Path written = Files.createDirectory(folder.resolve("checkpoint"));
        TinyBundle.of(tensors, scope).write(written, prefix);
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String suffix : List.of(".index", ".data-00000-of-00001")) {
            files.put(place + prefix + suffix, Files.readAllBytes(written.resolve(prefix + suffix)));
        }
        return files;
    }

    /** Stored entries, as in the archives that exist. */
    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                CRC32 crc = new CRC32();
                crc.update(file.getValue());
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(file.getValue().length);
                entry.setCrc(crc.getValue());
                zip.putNextEntry(entry);
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }
}
