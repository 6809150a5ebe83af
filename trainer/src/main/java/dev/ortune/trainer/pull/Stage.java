package dev.ortune.trainer.pull;

import dev.ortune.trainer.FolderTree;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/**
 * A hidden folder beside the one that is to be, where files gather until all are there. One process at a time has it;
 * what a process that failed or was killed left in it can be taken up by the next.
 */
final class Stage implements AutoCloseable {
    private static final String LOCK = ".lock";

    private final Path target;
    private final Path folder;
    private final FileChannel lock;
    private boolean kept;

    private Stage(Path target, Path folder, FileChannel lock) {
        this.target = target;
        this.folder = folder;
        this.lock = lock;
    }

    /** The stage for a folder; an {@link OrtuneException} when another process has it. */
    static Stage of(Path target) throws IOException {
        Path folder = target.resolveSibling("." + target.getFileName() + ".pulling");
        Files.createDirectories(folder);
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(lock)) {
            lock.close();
            throw new OrtuneException(target + " is being pulled by another process");
        }
        return new Stage(target, folder, lock);
    }

    Path folder() {
        return folder;
    }

    /** Removes whatever an earlier process left. */
    void clear() throws IOException {
        clear(path -> true);
    }

    /** Removes those files of an earlier process that the test accepts. */
    void clear(Predicate<Path> unwanted) throws IOException {
        for (Path path : FolderTree.contents(folder)) {
            if (!path.equals(folder) && !path.equals(folder.resolve(LOCK)) && unwanted.test(path)) {
                Files.delete(path);
            }
        }
    }

    /** Lets the files stay when this stage closes without {@link #publish}, for a later process to take up. */
    void keep() {
        kept = true;
    }

    /** Gives the folder its name; what had the name before goes away only once the new one is in its place. */
    void publish() throws IOException {
        Path old = target.resolveSibling("." + target.getFileName() + ".old");
        FolderTree.deleteAll(old);
        lock.close();
        Files.delete(folder.resolve(LOCK));
        if (!Files.exists(target)) {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        FolderTree.deleteAll(old);
    }

    @Override
    public void close() throws IOException {
        lock.close();
        if (!kept) {
            FolderTree.deleteAll(folder);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }
}
