package dev.ortune.trainer.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Unpacks a {@link LibrarySet} once. A folder counts only when its list of contents, written last, is the set's and
 * every file has its full length; it appears under its name by one rename, so a process that was killed while unpacking
 * leaves nothing that could be taken for a whole folder. Processes that start together wait for one another.
 *
 * @param root folder that holds one folder a set
 */
record LibraryCache(Path root) {
    private static final String CONTENTS = "contents.txt";

    /** The folder with the libraries, unpacked now if need be. */
    Path unpacked(LibrarySet set) throws IOException {
        Path folder = root.resolve(set.name());
        if (holds(folder, set)) {
            return folder;
        }
        Files.createDirectories(root);
        Path lock = root.resolve(".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            if (!holds(folder, set)) {
                replace(folder, set);
            }
            return folder;
        }
    }

    static boolean holds(Path folder, LibrarySet set) throws IOException {
        Path contents = folder.resolve(CONTENTS);
        if (!Files.isRegularFile(contents) || !Files.readString(contents).equals(set.contents())) {
            return false;
        }
        for (Library library : set.libraries()) {
            if (!library.standsIn(folder)) {
                return false;
            }
        }
        return true;
    }

    static void unpackInto(Path folder, LibrarySet set) throws IOException {
        for (Library library : set.libraries()) {
            library.copyInto(folder);
        }
        Files.writeString(folder.resolve(CONTENTS), set.contents());
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Only the holder of the lock comes here, so whatever lies under the two temporary names was left by a dead one. */
    private void replace(Path folder, LibrarySet set) throws IOException {
        Path fresh = root.resolve(".unpacking-" + set.name());
        Path old = root.resolve(".old-" + set.name());
        for (Path leftover : List.of(fresh, old)) {
            if (Files.exists(leftover)) {
                delete(leftover);
            }
        }
        Files.createDirectory(fresh);
        unpackInto(fresh, set);
        if (Files.exists(folder)) {
            Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        if (Files.exists(old)) {
            delete(old);
        }
    }
}
