package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.FolderTree;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the fuzzer calls. A file may be read, or refused in one line that names a file of the folder; whatever else is
 * thrown is a finding.
 */
public final class HostileFileTarget {
    private static List<HostileFile> files;
    private static Path root;
    private static long count;

    private HostileFileTarget() {}

    /** Takes a folder with one folder without faults for each {@link HostileFile}, and the names of those. */
    public static void fuzzerInitialize(String[] arguments) {
        root = Path.of(arguments[0]);
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
        Path whole = root.resolve(hostile.name());
        // A file must not change while it is mapped, so each input has one of its own.
        Path folder = root.resolve(hostile + "-" + count++);
        try {
            copy(whole, folder);
            Path file = folder.resolve(hostile.path());
            Files.deleteIfExists(file);
            hostile.write(bytes, whole, file);
            hostile.read(folder);
        } catch (OrtuneException e) {
            requireClear(e, folder);
        } finally {
            FolderTree.deleteAll(folder);
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

    private static void copy(Path whole, Path folder) throws IOException {
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
