package dev.ortune.trainer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/**
 * A hidden folder beside the one that is to be: files gather in it, and it takes the real name once all are there. One
 * process at a time has it; what a process that failed or was killed left in it can be taken up by the next.
 */
public final class StagedFolder implements AutoCloseable {
    /** The work of a model in training. */
    public static final String TRAINING = "training";

    private static final String LOCK = ".lock";

    private final Path target;
    private final Path folder;
    private final FileChannel lock;
    private boolean kept;

    private StagedFolder(Path target, Path folder, FileChannel lock) {
        this.target = target;
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * The stage for a folder, made if need be.
     *
     * @param target the name it is to have
     * @param work what is being done, a word such as "pulling": the hidden name's ending
     * @throws OrtuneException when another process has it
     */
    public static StagedFolder of(Path target, String work) throws IOException {
        Path folder = hidden(target, work);
        Files.createDirectories(folder);
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(lock)) {
            lock.close();
            throw new OrtuneException(target + ": another process is " + work + " it");
        }
        restore(name(target));
        return new StagedFolder(target, folder, lock);
    }

    /** The hidden folder that {@link #of} takes, whether it exists or not. */
    public static Path hidden(Path target, String work) {
        Path name = name(target);
        return name.resolveSibling("." + name.getFileName() + "." + work);
    }

    /** Whether a process has the stage of a folder at the moment. */
    public static boolean isTaken(Path target, String work) {
        Path file = hidden(target, work).resolve(LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel lock = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return !locked(lock);
        } catch (IOException e) {
            // It has just gone away, or nobody may have it.
            return false;
        }
    }

    /** Where the files go until then. */
    public Path folder() {
        return folder;
    }

    /** Removes whatever an earlier process left. */
    public void clear() throws IOException {
        clear(path -> true);
    }

    /** Removes those files of an earlier process that the test accepts. */
    public void clear(Predicate<Path> unwanted) throws IOException {
        for (Path path : FolderTree.contents(folder)) {
            if (!path.equals(folder) && !path.equals(folder.resolve(LOCK)) && unwanted.test(path)) {
                Files.delete(path);
            }
        }
    }

    /** Lets the files stay when this stage closes without {@link #publish}, for a later process to take up. */
    public void keep() {
        kept = true;
    }

    /** Gives the folder its name; what had the name before goes away only once the new one is in its place. */
    public void publish() throws IOException {
        Path name = name(target);
        Path old = old(name);
        FolderTree.deleteAll(old);
        lock.close();
        Files.delete(folder.resolve(LOCK));
        if (Files.exists(name)) {
            Files.move(name, old, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(folder, name, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            restore(name);
            throw e;
        }
        kept = true;
        AtomicFile.force(name.getParent());
        FolderTree.deleteAll(old);
    }

    @Override
    public void close() throws IOException {
        lock.close();
        if (!kept) {
            FolderTree.deleteAll(folder);
        }
    }

    /** A process that was killed between two renames left the folder under its second name. */
    private static void restore(Path name) throws IOException {
        if (!Files.exists(name) && Files.exists(old(name))) {
            Files.move(old(name), name, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Path old(Path name) {
        return name.resolveSibling("." + name.getFileName() + ".old");
    }

    private static Path name(Path target) {
        Path name = target.toAbsolutePath().normalize();
        if (name.getFileName() == null) {
            throw new OrtuneException(target + ": is no name for a folder");
        }
        return name;
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }
}
