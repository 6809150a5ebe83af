package dev.ortune.exporter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder and all that lies below it. */
public final class FolderTree {
    private FolderTree() {}

    /** Deletes the folder and its contents; nothing when it does not exist. */
    public static void deleteAll(Path root) throws IOException {
        for (Path path : contents(root)) {
            Files.delete(path);
        }
    }

    /** The paths below and including a folder, deepest first; none when it does not exist. */
    public static List<Path> contents(Path root) throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
