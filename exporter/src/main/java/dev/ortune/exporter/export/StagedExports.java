package dev.ortune.exporter.export;

import dev.ortune.exporter.FolderTree;
import dev.ortune.exporter.OrtuneException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A hidden folder beside {@code onnx/}: files gather in it, and it takes the name once all are there and verified. One
 * process at a time has it. Closed before {@link #publish}, it goes away, and {@code onnx/} stays as it was.
 */
final class StagedExports implements AutoCloseable {
    private final Path target;
    private final Path folder;
    private final FileChannel lock;
    private boolean published;

    private StagedExports(Path target, Path folder, FileChannel lock) {
        this.target = target;
        this.folder = folder;
        this.lock = lock;
    }

    /** Begins a folder that is to become {@code target}. */
    static StagedExports of(Path target) {
        Path folder = target.resolveSibling("." + target.getFileName() + ".exporting");
        try {
            // Beside the folder, which is renamed, and never deleted: else two could each hold a lock of that name.
            Path file = target.resolveSibling("." + target.getFileName() + ".lock");
            FileChannel lock = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(lock)) {
                lock.close();
                throw new OrtuneException(target + ": another process is exporting to it");
            }
            return begun(target, folder, lock);
        } catch (IOException e) {
            throw new OrtuneException(target + ": cannot be made (" + reason(e) + ")", e);
        }
    }

    /** Removes whatever a process that was killed left, and undoes a change of names that it did not end. */
    private static StagedExports begun(Path target, Path folder, FileChannel lock) throws IOException {
        try {
            if (!Files.exists(target) && Files.exists(old(target))) {
                Files.move(old(target), target, StandardCopyOption.ATOMIC_MOVE);
            }
            FolderTree.deleteAll(folder);
            Files.createDirectory(folder);
            return new StagedExports(target, folder, lock);
        } catch (IOException | UncheckedIOException e) {
            lock.close();
            throw new IOException(reason(e), e);
        }
    }

    /** Where the files go until then. */
    Path folder() {
        return folder;
    }

    /** Takes over what is in {@code target} but for {@code except} and what has been made anew. */
    void keepOthers(Set<String> except) {
        if (!Files.isDirectory(target)) {
            return;
        }
        try (Stream<Path> files = Files.list(target)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!except.contains(name) && !Files.exists(folder.resolve(name)) && Files.isRegularFile(file)) {
                    link(file, folder.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new OrtuneException(target + ": cannot be taken over (" + reason(e) + ")", e);
        }
    }

    /** A second name for the same file; a copy where the file system has no such thing. */
    private static void link(Path file, Path name) throws IOException {
        try {
            Files.createLink(name, file);
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(file, name);
        }
    }

    /** Gives the folder its name; what had it before goes away only once the new one is in its place. */
    void publish() {
        Path old = old(target);
        try {
            FolderTree.deleteAll(old);
            if (Files.exists(target)) {
                Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
            }
            takeName(old);
            published = true;
            FolderTree.deleteAll(old);
        } catch (IOException | UncheckedIOException e) {
            throw new OrtuneException(target + ": cannot be given its name (" + reason(e) + ")", e);
        }
    }

    /** Where what had the name waits until the new one has it. */
    private static Path old(Path target) {
        return target.resolveSibling("." + target.getFileName() + ".old");
    }

    private void takeName(Path old) throws IOException {
        try {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (Files.exists(old)) {
                Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        try (lock) {
            if (!published) {
                FolderTree.deleteAll(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new OrtuneException(folder + ": cannot be removed (" + reason(e) + ")", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    private static String reason(Exception e) {
        String message = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName().replace("Exception", "") : message;
    }
}
