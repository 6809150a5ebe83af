package dev.ortune.trainer.pretrained;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one variable of a TensorFlow checkpoint lies (TensorFlow's message BundleEntryProto).
 *
 * @param dtype TensorFlow's number of the element type
 * @param shape dimensions, none negative
 * @param shard number of the data file
 * @param offset first byte in the data file
 * @param size number of bytes
 * @param maskedCrc checksum of the bytes, see {@link MaskedCrc32c}
 * @param sliced whether the variable is only described here and stored in parts
 */
record BundleEntry(int dtype, long[] shape, int shard, long offset, long size, int maskedCrc, boolean sliced) {
    private static final int VARINT = WireFormat.WIRETYPE_VARINT;
    private static final int BYTES = WireFormat.WIRETYPE_LENGTH_DELIMITED;

    static BundleEntry parse(CodedInputStream input) throws IOException {
        int dtype = 0;
        long[] shape = {};
        int shard = 0;
        long offset = 0;
        long size = 0;
        int crc = 0;
        boolean sliced = false;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            switch (tag) {
                case 1 << 3 | VARINT -> dtype = input.readEnum();
                case 2 << 3 | BYTES -> shape = shape(input.readBytes().newCodedInput());
                case 3 << 3 | VARINT -> shard = input.readInt32();
                case 4 << 3 | VARINT -> offset = input.readInt64();
                case 5 << 3 | VARINT -> size = input.readInt64();
                case 6 << 3 | WireFormat.WIRETYPE_FIXED32 -> crc = input.readFixed32();
                case 7 << 3 | BYTES -> {
                    sliced = true;
                    input.skipField(tag);
                }
                default -> input.skipField(tag);
            }
        }
        return new BundleEntry(dtype, shape, shard, offset, size, crc, sliced);
    }

    /** TensorShapeProto: field 2 is a dimension, whose field 1 is its size. */
    private static long[] shape(CodedInputStream input) throws IOException {
        List<Long> dims = new ArrayList<>();
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == (2 << 3 | BYTES)) {
                dims.add(dimension(input.readBytes().newCodedInput()));
            } else {
                input.skipField(tag);
            }
        }
        return dims.stream().mapToLong(dim -> dim).toArray();
    }

    private static long dimension(CodedInputStream input) throws IOException {
        long size = 0;
        for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
            if (tag == (1 << 3 | VARINT)) {
                size = input.readInt64();
            } else {
                input.skipField(tag);
            }
        }
        if (size < 0) {
            throw new IOException("a dimension is negative");
        }
        return size;
    }
}
