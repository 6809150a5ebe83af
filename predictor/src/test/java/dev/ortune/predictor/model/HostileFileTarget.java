package dev.ortune.predictor.model;

import dev.ortune.predictor.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the fuzzer calls. A file may be read, or refused in one line that names a file of the folder; whatever else is
 * thrown is a finding.
 */
public final class HostileFileTarget {
    private static List<HostileFile> files;
    private static Path whole;
    private static long count;

    private HostileFileTarget() {}

    /** Takes a model folder without faults, and the names of the {@link HostileFile}s to write into copies of it. */
    public static void fuzzerInitialize(String[] arguments) {
        whole = Path.of(arguments[0]);
        files = Arrays.stream(arguments).skip(1).map(HostileFile::valueOf).toList();
    }

    /** Takes one byte that says which file, and what is to be in it. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length > 0) {
            HostileFile hostile = files.get(Byte.toUnsignedInt(input[0]) % files.size());
            read(hostile, Arrays.copyOfRange(input, 1, input.length));
        }
    }

    private static void read(HostileFile hostile, byte[] bytes) throws IOException {
        // A file must not change while it is mapped, so each input has one of its own.
        Path folder = whole.resolveSibling(hostile + "-" + count++);
        try {
            copy(folder);
            Path file = folder.resolve(hostile.path());
            Files.deleteIfExists(file);
            if (hostile == HostileFile.GRAPH) {
                // It holds the file's digest, which keeps changed bytes out.
                Files.delete(folder.resolve(HostileFile.EXPORT_JSON.path()));
            }
            Files.write(file, bytes);
            hostile.read(folder);
        } catch (OrtuneException e) {
            requireClear(e, folder);
        } finally {
            delete(folder);
        }
    }

    private static void requireClear(OrtuneException e, Path folder) {
        if (!e.getMessage().contains(folder.toString())) {
            throw new AssertionError("names no file: " + e.getMessage(), e);
        }
        if (e.getMessage().codePoints().anyMatch(Character::isISOControl)) {
            throw new AssertionError("is not one line: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void copy(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(whole)) {
            for (Path path : paths.toList()) {
                Path copy = folder.resolve(whole.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectory(copy);
                } else {
                    Files.createLink(copy, path);
                }
            }
        }
    }
}
