package dev.ortune.trainer.pretrained;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The index of a TensorFlow checkpoint: a {@link SortedTable} with a BundleHeaderProto under the empty key and a
 * {@link BundleEntry} for each variable.
 *
 * @param shards number of data files
 * @param byName the variables in the order of their names
 */
record BundleIndex(int shards, Map<String, BundleEntry> byName) {

    static BundleIndex read(Path file) {
        Map<String, ByteString> table = SortedTable.read(file);
        ByteString header = table.get("");
        if (header == null) {
            throw new OrtuneException(file + ": is not a TensorFlow checkpoint (no header entry)");
        }
        Map<String, BundleEntry> byName = new LinkedHashMap<>();
        table.forEach((key, value) -> {
            if (!key.isEmpty()) {
                byName.put(key, entry(file, key, value));
            }
        });
        return new BundleIndex(shards(file, header), byName);
    }

    private static BundleEntry entry(Path file, String key, ByteString value) {
        try {
            return BundleEntry.parse(value.newCodedInput());
        } catch (IOException e) {
            throw new OrtuneException(
                    file + ": variable " + Printable.of(key) + " has a broken entry (" + e.getMessage() + ")", e);
        }
    }

    /** BundleHeaderProto: field 1 is the number of data files, field 2 is 0 for little-endian data. */
    private static int shards(Path file, ByteString header) {
        int shards = 0;
        int endianness = 0;
        try {
            CodedInputStream input = header.newCodedInput();
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                switch (tag) {
                    case 1 << 3 | WireFormat.WIRETYPE_VARINT -> shards = input.readInt32();
                    case 2 << 3 | WireFormat.WIRETYPE_VARINT -> endianness = input.readEnum();
                    default -> input.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new OrtuneException(file + ": has a broken header entry (" + e.getMessage() + ")", e);
        }
        if (endianness != 0) {
            throw new OrtuneException(file + ": holds big-endian data, which is not supported");
        }
        return shards;
    }
}
