package dev.ortune.trainer.corpus;

import dev.ortune.trainer.OrtuneException;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Sequences of tokens on disk, of which any can be read at once and none stays in memory: the tokens one after the other in one
 * file, and in another, {@code .index}, where each sequence begins. Several threads may read.
 */
public final class SequenceFile implements AutoCloseable {
    /** Bytes of a sequence in the index: a long where it begins, an int where its second text does, an int with its label. */
    private static final int ENTRY = Long.BYTES + 2 * Integer.BYTES;

    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final FileChannel tokens;
    private final FileChannel index;
    private final Counts counts;

    private SequenceFile(Path file, Counts counts) {
        this.file = file;
        this.counts = counts;
        try {
            this.tokens = FileChannel.open(file, StandardOpenOption.READ);
            this.index = FileChannel.open(index(file), StandardOpenOption.READ);
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * One sequence.
     *
     * @param tokens as {@link Pieces} has them
     * @param second where its second text begins; its length where there is none
     * @param label what else is known of it, such as whether the second text follows the first; 0 where nothing is
     */
    public record Sequence(int[] tokens, int second, int label) {
        /** Of one text. */
        public static Sequence of(int[] tokens) {
            return new Sequence(tokens, tokens.length, 0);
        }
    }

    /**
     * What a file holds.
     *
     * @param sequences how many
     * @param tokens of all of them
     * @param longest tokens of the longest
     * @param truncated sequences that lost tokens when they were made
     */
    public record Counts(int sequences, long tokens, int longest, int truncated) {}

    /** Writes a file from its beginning; what had its name goes away. */
    public static final class Writer implements AutoCloseable {
        private final Path file;
        private final DataOutputStream tokens;
        private final DataOutputStream index;
        private int sequences;
        private long count;
        private int longest;
        private int truncated;

        public Writer(Path file) {
            this.file = file;
            try {
                Files.createDirectories(file.toAbsolutePath().getParent());
                this.tokens = stream(file);
                this.index = stream(index(file));
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private static DataOutputStream stream(Path file) throws IOException {
            return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
        }

        /** Appends a sequence. */
        public void add(Sequence sequence, boolean isTruncated) {
            if (sequences == Integer.MAX_VALUE) {
                throw new OrtuneException(file + ": more than " + Integer.MAX_VALUE + " sequences; split the texts");
            }
            try {
                index.writeLong(count);
                index.writeInt(sequence.second());
                index.writeInt(sequence.label());
                for (int token : sequence.tokens()) {
                    tokens.writeInt(token);
                }
            } catch (IOException e) {
                throw failed(e);
            }
            sequences++;
            count += sequence.tokens().length;
            longest = Math.max(longest, sequence.tokens().length);
            truncated += isTruncated ? 1 : 0;
        }

        /** How many there are. */
        public int sequences() {
            return sequences;
        }

        /** Ends the file and opens it. */
        public SequenceFile finish() {
            close();
            return new SequenceFile(file, new Counts(sequences, count, longest, truncated));
        }

        @Override
        public void close() {
            try (tokens;
                    index) {
                tokens.flush();
                index.flush();
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private OrtuneException failed(IOException e) {
            return new OrtuneException(file + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** What it holds. */
    public Counts counts() {
        return counts;
    }

    /** One of the sequences, counted from 0. */
    public Sequence read(int position) {
        boolean last = position == counts.sequences() - 1;
        ByteBuffer entries = read(index, (long) position * ENTRY, last ? ENTRY : ENTRY + Long.BYTES);
        long begin = entries.getLong();
        int second = entries.getInt();
        int label = entries.getInt();
        long end = last ? counts.tokens() : entries.getLong();
        int[] sequence = new int[(int) (end - begin)];
        read(tokens, begin * Integer.BYTES, sequence.length * Integer.BYTES)
                .asIntBuffer()
                .get(sequence);
        return new Sequence(sequence, second, label);
    }

    private ByteBuffer read(FileChannel channel, long position, int bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw new IOException("it ends before byte " + (position + bytes));
                }
            }
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
        return buffer.flip();
    }

    /** Closes it and removes its files. */
    public void delete() {
        close();
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(index(file));
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be removed (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void close() {
        try (tokens) {
            index.close();
        } catch (IOException e) {
            throw new OrtuneException(file + ": cannot be closed (" + e.getMessage() + ")", e);
        }
    }

    private static Path index(Path file) {
        return file.resolveSibling(file.getFileName() + ".index");
    }
}
