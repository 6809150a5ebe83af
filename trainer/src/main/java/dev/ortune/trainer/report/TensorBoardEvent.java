package dev.ortune.trainer.report;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * One record of an event file: TensorFlow's protocol buffer {@code Event} (tensorflow/core/util/event.proto), framed as
 * its TFRecord format has it (tensorflow/core/lib/io/record_writer.h): length, checksum of the length, message, checksum
 * of the message, all little-endian.
 *
 * @param message the protocol buffer
 */
record TensorBoardEvent(byte[] message) {
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SUMMARY_VALUE = 1;
    private static final int VALUE_TAG = 1;
    private static final int VALUE_SIMPLE = 2;
    private static final int MASK = 0xa282ead8;

    /** The first record of a file. */
    static TensorBoardEvent version(double wallTime) {
        return new TensorBoardEvent(message(out -> {
            out.writeDouble(WALL_TIME, wallTime);
            out.writeString(FILE_VERSION, "brain.Event:2");
        }));
    }

    /**
     * A point of a curve.
     *
     * @param wallTime seconds since 1970
     * @param tag the curve's name
     */
    static TensorBoardEvent scalar(double wallTime, long step, String tag, float value) {
        byte[] point = message(out -> {
            out.writeString(VALUE_TAG, tag);
            out.writeFloat(VALUE_SIMPLE, value);
        });
        byte[] summary = message(out -> out.writeByteArray(SUMMARY_VALUE, point));
        return new TensorBoardEvent(message(out -> {
            out.writeDouble(WALL_TIME, wallTime);
            out.writeInt64(STEP, step);
            out.writeByteArray(SUMMARY, summary);
        }));
    }

    /** The message in its frame. */
    byte[] record() {
        byte[] length = new byte[Long.BYTES];
        littleEndian(length).putLong(message.length);
        byte[] record = new byte[Long.BYTES + 2 * Integer.BYTES + message.length];
        littleEndian(record).put(length).putInt(maskedCrc(length)).put(message).putInt(maskedCrc(message));
        return record;
    }

    /** CRC-32C, turned right by 15 bits and moved by a constant, since a checksum of checksums is a weak one. */
    static int maskedCrc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @FunctionalInterface
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
