package dev.ortune.trainer.data;

import java.util.Arrays;

/**
 * Numbers for one input of a graph.
 *
 * @param data {@code long[]} or {@code float[]}, row-major
 * @param shape dimensions
 */
public record Array(Object data, long... shape) {
    public Array {
        int length = data instanceof float[] floats ? floats.length : ((long[]) data).length;
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (length != elements) {
            throw new IllegalArgumentException(length + " numbers for the shape " + Arrays.toString(shape));
        }
    }

    /** The numbers of an array of integers. */
    public long[] longs() {
        return (long[]) data;
    }

    /** The numbers of an array of floats. */
    public float[] floats() {
        return (float[]) data;
    }

    /** The first so many along the first axis. */
    Array first(int count) {
        int width = Math.toIntExact(Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact));
        long[] cut = shape.clone();
        cut[0] = count;
        return new Array(
                data instanceof float[] floats
                        ? Arrays.copyOf(floats, count * width)
                        : Arrays.copyOf((long[]) data, count * width),
                cut);
    }
}
