package dev.ortune.exporter.verify;

import dev.ortune.exporter.OrtuneException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of texts, of which only so much is read as fits in memory: a line may have no end. */
final class TextFile {
    /** A thousand texts of a quarter of a million characters. */
    private static final long MOST_BYTES = 256L << 20;

    private TextFile() {}

    /** The file's characters, decoded strictly, without a byte order mark. */
    static LineNumberReader open(Path file) throws IOException {
        InputStream bytes = new Bounded(file, Files.newInputStream(file));
        LineNumberReader reader =
                new LineNumberReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()), 1 << 16);
        try {
            reader.mark(1);
            if (reader.read() != '\ufeff') {
                reader.reset();
            }
            return reader;
        } catch (IOException e) {
            reader.close();
            throw e;
        }
    }

    private static final class Bounded extends FilterInputStream {
        private final Path file;
        private long count;

        Bounded(Path file, InputStream in) {
            super(in);
            this.file = file;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count += Math.max(0, read);
            if (count > MOST_BYTES) {
                throw new OrtuneException(file + ": more than " + (MOST_BYTES >> 20)
                        + " MiB of text in the rows to compare on; split it");
            }
            return read;
        }
    }
}
