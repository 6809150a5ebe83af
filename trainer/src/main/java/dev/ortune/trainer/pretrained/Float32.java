package dev.ortune.trainer.pretrained;

import dev.ortune.trainer.OrtuneException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Float32 buffers outside the heap, and what is converted into them. */
public final class Float32 {
    private static final int TILE = 32;

    private Float32() {}

    /** A zeroed buffer outside the heap. */
    public static FloatBuffer direct(long count) {
        if (count > Integer.MAX_VALUE / Float.BYTES) {
            throw new OrtuneException("a tensor of " + count + " elements is larger than 2 GB, which is not supported");
        }
        return ByteBuffer.allocateDirect((int) count * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** {@code [rows, columns]} to {@code [columns, rows]}, in tiles so that both sides stay in the cache. */
    static FloatBuffer transposed(FloatBuffer matrix, int rows, int columns) {
        FloatBuffer result = direct((long) rows * columns);
        for (int top = 0; top < rows; top += TILE) {
            for (int left = 0; left < columns; left += TILE) {
                tile(matrix, result, rows, columns, top, left);
            }
        }
        return result;
    }

    private static void tile(FloatBuffer from, FloatBuffer to, int rows, int columns, int top, int left) {
        int bottom = Math.min(rows, top + TILE);
        int right = Math.min(columns, left + TILE);
        for (int row = top; row < bottom; row++) {
            for (int column = left; column < right; column++) {
                to.put(column * rows + row, from.get(row * columns + column));
            }
        }
    }

    /** The value of an IEEE 754 half. */
    static float fromFloat16(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /** The value of a bfloat16: the upper half of a float32. */
    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
