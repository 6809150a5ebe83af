package dev.ortune.trainer.training;

import dev.ortune.trainer.FolderTree;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * A hidden folder beside the one that is to be: files gather in it, and it takes the real name once all are there. One
 * process at a time has it. Closed before {@link #publish}, it goes away, and what had the real name stays as it was.
 */
public final class StagedFolder implements AutoCloseable {
    private static final String LOCK = ".lock";

    private final Path target;
    private final Path folder;
    private final boolean overwrite;
    private final FileChannel lock;
    private boolean published;

    private StagedFolder(Path target, Path folder, boolean overwrite, FileChannel lock) {
        this.target = target;
        this.folder = folder;
        this.overwrite = overwrite;
        this.lock = lock;
    }

    /**
     * Begins a folder.
     *
     * @param target the name it is to have
     * @param overwrite whether a folder that Ortune wrote and that has this name may be replaced
     * @throws OrtuneException when the name is taken, or the folder cannot be made
     */
    public static StagedFolder of(Path target, boolean overwrite) {
        Path name = target.toAbsolutePath().normalize();
        if (name.getFileName() == null) {
            throw new OrtuneException(target + ": is no name for a folder");
        }
        Path folder = name.resolveSibling("." + name.getFileName() + ".training");
        requireFree(target, overwrite);
        try {
            Files.createDirectories(folder);
            FileChannel lock =
                    FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(lock)) {
                lock.close();
                throw new OrtuneException(target + ": another process is training it");
            }
            StagedFolder staged = new StagedFolder(target, folder, overwrite, lock);
            staged.clear();
            return staged;
        } catch (IOException e) {
            throw new OrtuneException(target + ": cannot be made (" + reason(e) + ")", e);
        }
    }

    /** Where the files go until then. */
    public Path folder() {
        return folder;
    }

    /** Gives the folder its name; what had it before goes away only once the new one is in its place. */
    public void publish() {
        requireFree(target, overwrite);
        Path name = target.toAbsolutePath().normalize();
        Path old = name.resolveSibling("." + name.getFileName() + ".old");
        try {
            FolderTree.deleteAll(old);
            lock.close();
            Files.delete(folder.resolve(LOCK));
            if (Files.exists(name)) {
                Files.move(name, old, StandardCopyOption.ATOMIC_MOVE);
            }
            takeName(name, old);
            published = true;
            FolderTree.deleteAll(old);
        } catch (IOException | UncheckedIOException e) {
            throw new OrtuneException(target + ": cannot be given its name (" + reason(e) + ")", e);
        }
    }

    private void takeName(Path name, Path old) throws IOException {
        try {
            Files.move(folder, name, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (Files.exists(old)) {
                Files.move(old, name, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
            if (!published) {
                FolderTree.deleteAll(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new OrtuneException(folder + ": cannot be removed (" + reason(e) + ")", e);
        }
    }

    /** A folder that is no model is never replaced: a slip in the path must not cost anyone their files. */
    private static void requireFree(Path target, boolean overwrite) {
        if (!Files.exists(target)) {
            return;
        }
        if (!Files.isDirectory(target)) {
            throw new OrtuneException(target + ": is a file, not a folder");
        }
        if (isEmpty(target)) {
            return;
        }
        if (!overwrite) {
            throw new OrtuneException(target + ": exists already; --overwrite replaces it");
        }
        if (!Files.exists(target.resolve("training_args.json"))) {
            throw new OrtuneException(target + ": is not a model that Ortune trained, so it is not replaced");
        }
    }

    private static boolean isEmpty(Path target) {
        try (Stream<Path> files = Files.list(target)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new OrtuneException(target + ": cannot be read (" + reason(e) + ")", e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    /** Removes whatever a process that was killed left. */
    private void clear() throws IOException {
        for (Path path : FolderTree.contents(folder)) {
            if (!path.equals(folder) && !path.equals(folder.resolve(LOCK))) {
                Files.delete(path);
            }
        }
    }

    private static String reason(Exception e) {
        String message = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName().replace("Exception", "") : message;
    }
}
