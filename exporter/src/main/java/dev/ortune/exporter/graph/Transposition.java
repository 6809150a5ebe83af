package dev.ortune.exporter.graph;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Turns a matrix around, in tiles so that both sides stay in the cache. */
final class Transposition {
    private static final int TILE = 32;

    private Transposition() {}

    /** {@code [rows, columns]} to {@code [columns, rows]}. */
    static ByteBuffer of(FloatBuffer matrix, int rows, int columns) {
        ByteBuffer bytes = Tensor.buffer(4L * rows * columns);
        FloatBuffer result = bytes.asFloatBuffer();
        for (int top = 0; top < rows; top += TILE) {
            for (int left = 0; left < columns; left += TILE) {
                int bottom = Math.min(rows, top + TILE);
                int right = Math.min(columns, left + TILE);
                for (int row = top; row < bottom; row++) {
                    for (int column = left; column < right; column++) {
                        result.put(column * rows + row, matrix.get(row * columns + column));
                    }
                }
            }
        }
        return bytes;
    }
}
