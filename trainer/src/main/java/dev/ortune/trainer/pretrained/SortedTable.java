package dev.ortune.trainer.pretrained;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * LevelDB's immutable table, in which TensorFlow keeps a checkpoint's index. A footer points at the index block, whose
 * values point at the data blocks; keys in a block share prefixes; each block is followed by its compression type and
 * checksum.
 */
final class SortedTable {
    private static final long MAGIC = 0xdb4775248b80fb57L;
    private static final int FOOTER = 48;
    private static final int TRAILER = 5;
    /** BERT-large's index has 25 kB. */
    private static final long LARGEST = 64L << 20;

    private static final int LONGEST_KEY = 4096;

    private final MappedFile file;
    private final Map<String, ByteString> entries = new LinkedHashMap<>();
    private long end;

    private SortedTable(MappedFile file) {
        this.file = file;
    }

    private interface Visitor {
        void entry(ByteString key, ByteString value) throws IOException;
    }

    /** All entries in the order of the file. */
    static Map<String, ByteString> read(Path path) {
        MappedFile mapped = MappedFile.open(path);
        if (mapped.size() > LARGEST) {
            throw new OrtuneException(path + ": is too large for a checkpoint's index (" + mapped.size() + " bytes)");
        }
        SortedTable table = new SortedTable(mapped);
        try {
            table.readBlocks();
        } catch (IOException e) {
            throw new OrtuneException(
                    path + ": is a broken checkpoint index (" + Printable.of(e.getMessage()) + ")", e);
        }
        return table.entries;
    }

    private void readBlocks() throws IOException {
        if (file.size() < FOOTER) {
            throw new OrtuneException(
                    file.file() + ": is not a TensorFlow checkpoint index (only " + file.size() + " bytes)");
        }
        ByteBuffer footer = file.slice(file.size() - FOOTER, FOOTER, "the footer");
        if (footer.getLong(FOOTER - Long.BYTES) != MAGIC) {
            throw new OrtuneException(file.file() + ": is not a TensorFlow checkpoint index (wrong magic number)");
        }
        CodedInputStream handles = CodedInputStream.newInstance(footer);
        block(handles, "the meta index block");
        ByteString index = block(handles, "the index block");
        visit(index, (key, handle) -> visit(dataBlock(handle.newCodedInput()), this::add));
    }

    private void add(ByteString key, ByteString value) throws IOException {
        if (!key.isValidUtf8()) {
            throw new IOException("a name is not UTF-8 text");
        }
        if (entries.put(key.toStringUtf8(), value) != null) {
            throw new IOException("the name " + key.toStringUtf8() + " appears twice");
        }
    }

    /** Data blocks follow one another, so that a small file cannot claim the same block a million times. */
    private ByteString dataBlock(CodedInputStream handle) throws IOException {
        long offset = handle.readRawVarint64();
        if (offset < end) {
            throw new IOException("its blocks are not in order");
        }
        long size = handle.readRawVarint64();
        ByteString block = block(offset, size, "a data block");
        end = offset + size + TRAILER;
        return block;
    }

    private ByteString block(CodedInputStream handle, String what) throws IOException {
        return block(handle.readRawVarint64(), handle.readRawVarint64(), what);
    }

    private ByteString block(long offset, long size, String what) throws IOException {
        if (size < 0 || size > file.size() - TRAILER) {
            throw new IOException(what + " is larger than the file");
        }
        ByteBuffer bytes = file.slice(offset, size + TRAILER, what);
        int length = (int) size;
        int compression = bytes.get(length);
        if (MaskedCrc32c.of(bytes.slice(0, length + 1)) != bytes.getInt(length + 1)) {
            throw new IOException(what + " is damaged: its checksum differs");
        }
        if (compression != 0) {
            throw new IOException(what + " is compressed (type " + compression + "), which is not supported");
        }
        return ByteString.copyFrom(bytes.slice(0, length));
    }

    /** Entries (shared, unshared, value length, unshared key bytes, value), then restart points, then their number. */
    private static void visit(ByteString block, Visitor visitor) throws IOException {
        int entriesEnd = entriesEnd(block);
        CodedInputStream input = block.substring(0, entriesEnd).newCodedInput();
        ByteString key = ByteString.EMPTY;
        while (!input.isAtEnd()) {
            int shared = input.readRawVarint32();
            int unshared = input.readRawVarint32();
            int length = input.readRawVarint32();
            if (shared < 0 || shared > key.size() || unshared < 0 || unshared > LONGEST_KEY - shared) {
                throw new IOException("a name has an impossible length");
            }
            key = key.substring(0, shared).concat(ByteString.copyFrom(input.readRawBytes(unshared)));
            visitor.entry(key, ByteString.copyFrom(input.readRawBytes(length)));
        }
    }

    private static int entriesEnd(ByteString block) throws IOException {
        if (block.size() < Integer.BYTES) {
            throw new IOException("a block has no restart points");
        }
        int restarts = block.substring(block.size() - Integer.BYTES)
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        long end = block.size() - Integer.BYTES * (restarts + 1L);
        if (restarts < 0 || end < 0) {
            throw new IOException("a block has an impossible number of restart points");
        }
        return (int) end;
    }
}
