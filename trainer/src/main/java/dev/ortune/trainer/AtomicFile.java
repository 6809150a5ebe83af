package dev.ortune.trainer;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files that are there whole or not at all: the bytes go to a temporary name in the same folder, which takes the real
 * name only once everything is on disk.
 */
public final class AtomicFile {
    /** There a folder cannot be opened, and need not be. */
    private static final boolean WINDOWS = File.separatorChar == '\\';

    private AtomicFile() {}

    /** Writes a file's bytes into an open, empty channel. */
    @FunctionalInterface
    public interface Body {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Writes {@code target}; on failure it stays as it was and an {@link OrtuneException} names it. */
    public static void write(Path target, Body body) {
        Path file = target.toAbsolutePath();
        Path temporary = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(file.getParent());
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                body.writeTo(channel);
                channel.force(true);
            }
            rename(temporary, file);
            force(file.getParent());
        } catch (IOException e) {
            throw new OrtuneException(target + ": cannot be written (" + reason(e) + ")", e);
        } finally {
            delete(temporary);
        }
    }

    /** Writes {@code target} with exactly these bytes. */
    public static void write(Path target, byte[] bytes) {
        write(target, channel -> writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    /** Writes all that remains in {@code buffer}; a channel alone may take less than it is given. */
    public static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /** Gives a file that is whole its real name in the same folder, in place of any before; returns {@code file}. */
    public static Path take(Path temporary, Path file) {
        try {
            rename(temporary, file);
            return file;
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be replaced (" + reason(e) + ")", e);
        }
    }

    /** Brings a file, or the names in a folder, to the disk itself, so that a power failure does not undo them. */
    public static void force(Path file) throws IOException {
        boolean folder = Files.isDirectory(file);
        if (folder && WINDOWS) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(file, folder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private static void rename(Path temporary, Path file) throws IOException {
        try {
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            temporary.toFile().deleteOnExit();
        }
    }

    private static String reason(IOException e) {
        String message = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }
}
