package dev.ortune.exporter.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Supplier;

/**
 * A constant of a graph. Its contents are made when they are asked for and kept by nobody: a mapped file's pages, or a
 * result computed from other tensors. So a graph of any size takes little memory, one tensor at a time.
 *
 * @param shape its dimensions
 * @param contents gives all elements, row-major and little-endian, from position 0 to the limit; each call gives a buffer
 *     of its own
 */
public record Tensor(ElementType type, long[] shape, Supplier<ByteBuffer> contents) {
    public Tensor {
        if (elements(shape) > Integer.MAX_VALUE / type.bytes()) {
            throw new IllegalArgumentException("A tensor of more than 2 GB");
        }
    }

    public static Tensor floats(long[] shape, float... values) {
        ByteBuffer bytes = buffer(4L * values.length);
        bytes.asFloatBuffer().put(values);
        return of(ElementType.FLOAT, shape, bytes);
    }

    public static Tensor longs(long[] shape, long... values) {
        ByteBuffer bytes = buffer(8L * values.length);
        bytes.asLongBuffer().put(values);
        return of(ElementType.INT64, shape, bytes);
    }

    public static Tensor scalar(float value) {
        return floats(new long[0], value);
    }

    /** A tensor that keeps its contents: for small ones. */
    public static Tensor of(ElementType type, long[] shape, ByteBuffer bytes) {
        ByteBuffer kept = bytes.asReadOnlyBuffer();
        return new Tensor(type, shape, () -> kept.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }

    /** An empty little-endian buffer outside the heap. */
    public static ByteBuffer buffer(long bytes) {
        return ByteBuffer.allocateDirect(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    public ByteBuffer bytes() {
        return contents.get();
    }

    /** The elements of a FLOAT tensor. */
    public FloatBuffer floats() {
        if (type != ElementType.FLOAT) {
            throw new IllegalStateException("The elements are " + type);
        }
        return bytes().asFloatBuffer();
    }

    /** The elements of an INT64 tensor. */
    public long[] longs() {
        if (type != ElementType.INT64) {
            throw new IllegalStateException("The elements are " + type);
        }
        long[] values = new long[Math.toIntExact(elements())];
        bytes().asLongBuffer().get(values);
        return values;
    }

    public long elements() {
        return elements(shape);
    }

    /** Size of the contents in bytes. */
    public long size() {
        return elements() * type.bytes();
    }

    public ValueType valueType() {
        return ValueType.of(type, shape);
    }

    /** The product of the dimensions; an ArithmeticException when it is no long. */
    public static long elements(long[] shape) {
        long elements = 1;
        for (long dim : shape) {
            elements = Math.multiplyExact(elements, dim);
        }
        return elements;
    }

    /** The matrix {@code [rows, columns]} as {@code [columns, rows]}. */
    public Tensor transposed() {
        int rows = Math.toIntExact(shape[0]);
        int columns = Math.toIntExact(shape[1]);
        return new Tensor(type, new long[] {columns, rows}, () -> Transposition.of(floats(), rows, columns));
    }
}
