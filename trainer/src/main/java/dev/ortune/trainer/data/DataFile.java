package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** Opens a data file, unpacking {@code .gz} as far as is sane. */
final class DataFile {
    /** Most bytes a data file may hold once unpacked. */
    static final long MAX_BYTES = 2L << 30;

    /**
     * Text packs three to twenty times; beyond this factor (and this many bytes) a .gz is taken for a bomb,
     * whose rows would fill a small heap.
     */
    static final int MAX_RATIO = 100;

    static final long ALWAYS_ALLOWED = 4L << 20;

    private DataFile() {}

    /** The file's name in lower case without {@code .gz}: what tells the format. */
    static String plainName(Path file) {
        Path last = file.getFileName();
        String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT);
        return isPacked(name) ? name.substring(0, name.length() - 3) : name;
    }

    static InputStream open(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new OrtuneException(file + ": no such file");
        }
        if (Files.isDirectory(file)) {
            throw new OrtuneException(file + ": a folder, not a data file");
        }
        InputStream in = Files.newInputStream(file);
        if (!isPacked(file.toString().toLowerCase(Locale.ROOT))) {
            return new Bounded(file, in, MAX_BYTES);
        }
        try {
            long bound = Math.min(MAX_BYTES, Math.max(ALWAYS_ALLOWED, MAX_RATIO * Files.size(file)));
            return new Bounded(file, new GZIPInputStream(in, 1 << 16), bound);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** The same without a bound, for those who keep nothing of it in memory. */
    static InputStream stream(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new OrtuneException(file + ": no such file");
        }
        if (Files.isDirectory(file)) {
            throw new OrtuneException(file + ": a folder, not a file of text");
        }
        InputStream in = Files.newInputStream(file);
        try {
            return isPacked(file.toString().toLowerCase(Locale.ROOT)) ? new GZIPInputStream(in, 1 << 16) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static boolean isPacked(String name) {
        return name.endsWith(".gz");
    }

    /** Fails once more than so many bytes were read. */
    private static final class Bounded extends FilterInputStream {
        private final Path file;
        private final long bound;
        private long count;

        Bounded(Path file, InputStream in, long bound) {
            super(in);
            this.file = file;
            this.bound = bound;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int read) {
            count += read;
            if (count > bound) {
                throw new OrtuneException(
                        file + ": more than " + (bound >> 20) + " MiB of text; split it, or unpack it first");
            }
        }
    }
}
