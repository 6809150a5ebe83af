package dev.ortune.trainer.report;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/** A file to which records are added one after the other, and which can be cut back to where it once was. */
final class LogFile {
    private static final int BUFFER = 1 << 13;

    private final Path file;
    private final FileChannel channel;
    private ByteBuffer buffer = ByteBuffer.allocate(BUFFER);

    private LogFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens the file, or a new one, and cuts off what it has beyond {@code bytes}. */
    static LogFile open(Path file, long bytes) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.size() < bytes) {
                channel.close();
                throw new OrtuneException(file + ": is shorter than the " + bytes + " bytes that were written");
            }
            channel.truncate(bytes).position(bytes);
            return new LogFile(file, channel);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /**
     * Likewise a file of lines. Where it has become shorter than {@code bytes} its whole lines are gone on with: a curve
     * with a gap is no reason to give up a run.
     *
     * @param notice told of that in a line
     */
    static LogFile openLines(Path file, long bytes, Consumer<String> notice) {
        try {
            if (bytes == 0 || (Files.exists(file) && Files.size(file) >= bytes)) {
                return open(file, bytes);
            }
            byte[] there = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            notice.accept(file + ": has only " + there.length + " of the " + bytes
                    + " bytes that were written; some of its lines are lost");
            int end = there.length;
            while (end > 0 && there[end - 1] != '\n') {
                end--;
            }
            return open(file, end);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    void write(byte[] bytes) {
        if (bytes.length > buffer.remaining()) {
            flush();
        }
        if (bytes.length > buffer.capacity()) {
            buffer = ByteBuffer.allocate(bytes.length);
        }
        buffer.put(bytes);
    }

    /** Hands over to the operating system what has been written. */
    void flush() {
        try {
            AtomicFile.writeFully(channel, buffer.flip());
            buffer.clear();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Brings what has been written to the disk; the file's length. */
    long force() {
        flush();
        try {
            channel.force(true);
            return channel.position();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    void close() {
        try (channel) {
            flush();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static OrtuneException failed(Path file, IOException e) {
        return new OrtuneException(file + ": cannot be written (" + e.getMessage() + ")", e);
    }
}
