package dev.ortune.exporter.verify;

import dev.ortune.exporter.OrtuneException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** The lines of a UTF-8 stream, decoded strictly one by one, so that a bad byte is reported with its line. */
final class Utf8Lines implements Closeable {
    /** Longest line in bytes: a file without line ends must not fill the heap. */
    static final int MAX_LINE = 16 << 20;

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private byte[] line = new byte[256];
    private int length;
    private long number;

    Utf8Lines(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /**
     * The next line with its line end, or null at the end of the stream. A byte order mark before the first is dropped.
     *
     * @throws OrtuneException if the line is longer than {@link #MAX_LINE} or no valid UTF-8
     */
    String next() throws IOException {
        length = 0;
        number++;
        boolean ended = false;
        while (!ended && fill()) {
            ended = takeUntilLineEnd();
        }
        return length == 0 ? null : withoutMark(decode());
    }

    /** The number of the line that {@link #next} gave last, counted from 1. */
    long number() {
        return number;
    }

    /** An error at the line that {@link #next} gave last. */
    OrtuneException error(String what) {
        return error(file, number, what);
    }

    /** An error as the user reads it: file, line, what was wrong. */
    static OrtuneException error(Path file, long line, String what) {
        return new OrtuneException(file + ": line " + line + ": " + what);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(0, in.read(buffer));
        }
        return position < limit;
    }

    /** Moves bytes from the buffer to the line; true once the line end was among them. */
    private boolean takeUntilLineEnd() {
        int end = position;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        boolean ended = end < limit;
        append(ended ? end + 1 : end);
        return ended;
    }

    private void append(int end) {
        int count = end - position;
        if (length + count > MAX_LINE) {
            throw error("longer than " + (MAX_LINE >> 20) + " MiB");
        }
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, length + count));
        }
        System.arraycopy(buffer, position, line, length, count);
        length += count;
        position = end;
    }

    private String decode() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw error("no valid UTF-8");
        }
    }

    private String withoutMark(String text) {
        return number == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
}
