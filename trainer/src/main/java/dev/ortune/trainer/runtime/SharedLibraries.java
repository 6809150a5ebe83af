package dev.ortune.trainer.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where Linux's loader looks for a library: the folders of LD_LIBRARY_PATH, of /etc/ld.so.conf, and its own.
 *
 * @param folders in the loader's order
 */
record SharedLibraries(List<Path> folders) {
    private static final List<String> BUILT_IN =
            List.of("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib64", "usr/lib64", "lib", "usr/lib");

    /** Of a system whose files are under {@code root}. */
    static SharedLibraries of(Path root, Map<String, String> environment) {
        List<Path> folders = new ArrayList<>();
        for (String folder : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":", -1)) {
            if (!folder.isBlank()) {
                folders.add(Path.of(folder));
            }
        }
        configured(root, root.resolve("etc/ld.so.conf"), folders);
        BUILT_IN.forEach(folder -> folders.add(root.resolve(folder)));
        return new SharedLibraries(folders);
    }

    /** The file that would be loaded under that name. */
    Optional<Path> find(String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The version in the name of the file that a library's name leads to: 13.0.88 for libcudart.so.13.0.88. */
    static String version(Path library) {
        try {
            String name = String.valueOf(library.toRealPath().getFileName());
            int so = name.indexOf(".so.");
            return so < 0 ? "" : name.substring(so + 4);
        } catch (IOException gone) {
            return "";
        }
    }

    /** One folder a line; "include" names further files, with a pattern in the last part of the path. */
    private static void configured(Path root, Path file, List<Path> folders) {
        for (String line : lines(file)) {
            String entry = line.replaceFirst("#.*", "").strip();
            if (entry.startsWith("include ")) {
                included(root, entry.substring(8).strip()).forEach(more -> configured(root, more, folders));
            } else if (entry.startsWith("/")) {
                folders.add(root.resolve(entry.substring(1)));
            }
        }
    }

    private static List<Path> included(Path root, String pattern) {
        Path path = root.resolve(pattern.startsWith("/") ? pattern.substring(1) : "etc/" + pattern);
        List<Path> result = new ArrayList<>();
        try (var files = Files.newDirectoryStream(path.getParent(), String.valueOf(path.getFileName()))) {
            files.forEach(result::add);
        } catch (IOException none) {
            return List.of();
        }
        return result.stream().sorted().toList();
    }

    private static List<String> lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.toList();
        } catch (IOException | java.io.UncheckedIOException none) {
            return List.of();
        }
    }
}
