package dev.ortune.trainer.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * One native library inside a jar.
 *
 * @param name file name
 * @param source where its bytes are
 * @param size bytes, as the jar's directory says
 * @param crc CRC-32, as the jar's directory says
 */
record Library(String name, URL source, long size, long crc) {
    /** The line that stands for this library in a cache folder's list of contents. */
    String line() {
        return name + " " + size + " " + Long.toHexString(crc);
    }

    /** The name that the Java API loads it under: {@code libonnxruntime.so} for {@code libonnxruntime.so.1}. */
    String plainName() {
        return name.replace(".so.1", ".so").replace(".1.dylib", ".dylib");
    }

    void copyInto(Path folder) throws IOException {
        Path file = folder.resolve(name);
        URLConnection connection = source.openConnection();
        connection.setUseCaches(false);
        try (InputStream bytes = connection.getInputStream();
                CheckedInputStream checked = new CheckedInputStream(bytes, new CRC32())) {
            Files.copy(checked, file);
            if (checked.getChecksum().getValue() != crc) {
                throw new IOException(source + " is damaged: its CRC-32 is not the one in the jar's directory");
            }
        }
        if (!plainName().equals(name)) {
            linkOrCopy(file, folder.resolve(plainName()));
        }
    }

    /** Whether the folder holds this library, under each of its names, in full length. */
    boolean standsIn(Path folder) throws IOException {
        return hasSize(folder.resolve(name)) && hasSize(folder.resolve(plainName()));
    }

    private boolean hasSize(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) == size;
    }

    private static void linkOrCopy(Path file, Path link) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (IOException | UnsupportedOperationException noHardLinks) {
            Files.copy(file, link);
        }
    }
}
