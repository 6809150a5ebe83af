package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A part of a file, readable as little-endian buffers that cost no heap. Up to 2 GB are mapped at once; of larger
 * parts each slice is mapped by itself, since a buffer holds no more.
 */
public final class MappedFile {
    private final Path file;
    private final long start;
    private final long size;
    private final ByteBuffer whole;

    private MappedFile(Path file, long start, long size, ByteBuffer whole) {
        this.file = file;
        this.start = start;
        this.size = size;
        this.whole = whole;
    }

    /** Maps all of {@code file}. */
    public static MappedFile open(Path file) {
        if (Files.isDirectory(file)) {
            throw new OrtuneException(file + ": is a folder, not a file");
        }
        try {
            return open(file, 0, Files.size(file));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Maps {@code size} bytes of {@code file}, which must be inside it. */
    static MappedFile open(Path file, long start, long size) {
        ByteBuffer whole = size <= Integer.MAX_VALUE ? map(file, start, size) : null;
        return new MappedFile(file, start, size, whole);
    }

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    /** Bytes {@code offset} to {@code offset + length}, little-endian; {@code what} names them in the error. */
    public ByteBuffer slice(long offset, long length, String what) {
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new OrtuneException(file + ": " + what + " lies outside the file (bytes " + offset + " + " + length
                    + " of " + size + ")");
        }
        if (length > Integer.MAX_VALUE) {
            throw new OrtuneException(file + ": " + what + " is larger than 2 GB, which is not supported");
        }
        ByteBuffer bytes = whole == null ? map(file, start + offset, length) : whole.slice((int) offset, (int) length);
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer map(Path file, long offset, long length) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (offset > channel.size() - length) {
                throw new OrtuneException(file + ": became shorter while it was read");
            }
            return channel.map(MapMode.READ_ONLY, offset, length);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static OrtuneException unreadable(Path file, IOException e) {
        String reason = e instanceof NoSuchFileException ? "no such file" : e.getMessage();
        return new OrtuneException(file + ": cannot be read (" + reason + ")", e);
    }
}
