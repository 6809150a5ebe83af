package dev.ortune.trainer.graph;

import java.util.Arrays;
import java.util.Objects;

/**
 * The content of a constant tensor.
 *
 * @param type element type
 * @param dims dimensions; empty for a scalar
 * @param data {@code float[]}, {@code long[]} or {@code boolean[]} in row-major order
 */
public record Constant(ElementType type, long[] dims, Object data) {
    public static Constant scalar(float value) {
        return new Constant(ElementType.FLOAT, new long[0], new float[] {value});
    }

    public static Constant scalar(long value) {
        return new Constant(ElementType.INT64, new long[0], new long[] {value});
    }

    public static Constant scalar(boolean value) {
        return new Constant(ElementType.BOOL, new long[0], new boolean[] {value});
    }

    public static Constant vector(long... values) {
        return new Constant(ElementType.INT64, new long[] {values.length}, values);
    }

    public static Constant floats(float[] values, long... dims) {
        return new Constant(ElementType.FLOAT, dims, values);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Constant constant
                && constant.type == type
                && Arrays.equals(constant.dims, dims)
                && Objects.deepEquals(constant.data, data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, Arrays.hashCode(dims), Arrays.deepHashCode(new Object[] {data}));
    }
}
