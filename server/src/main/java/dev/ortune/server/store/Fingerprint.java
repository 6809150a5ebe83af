package dev.ortune.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a model's files look like from outside. Whoever writes one changes its time, its size or, with a rename, which file it
 * is; so a change shows without reading gigabytes.
 *
 * @param files by path
 */
record Fingerprint(Map<Path, Stamp> files) {
    private static final List<String> NAMES = List.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "model.onnx",
            "model.onnx_data",
            "model.onnx.data");

    /**
     * One file.
     *
     * @param key of the file itself, whatever its name; empty where the file system has none
     */
    record Stamp(long modified, long size, String key) {}

    /** Of a version's folder as it is now; a file that is not there, or is being renamed, is left out. */
    static Fingerprint of(Path folder) {
        Map<Path, Stamp> files = new TreeMap<>();
        NAMES.forEach(name -> add(files, folder.resolve(name)));
        try (Stream<Path> exported = Files.list(folder.resolve("onnx"))) {
            exported.filter(file -> !file.getFileName().toString().startsWith("."))
                    .forEach(file -> add(files, file));
        } catch (IOException | UncheckedIOException notThere) {
            // What is left out is the difference.
        }
        return new Fingerprint(files);
    }

    private static void add(Map<Path, Stamp> files, Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            if (now.isRegularFile()) {
                String key = String.valueOf(now.fileKey());
                files.put(file, new Stamp(now.lastModifiedTime().toMillis(), now.size(), key));
            }
        } catch (IOException notThere) {
            // What is left out is the difference.
        }
    }
}
