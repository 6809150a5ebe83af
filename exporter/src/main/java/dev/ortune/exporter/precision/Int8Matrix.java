package dev.ortune.exporter.precision;

import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * A matrix as 8-bit integers and one scale a row or column: {@code weight = scale * integer}, integers from -127 to 127,
 * zero at zero (Jacob et al. 2018, arXiv:1712.05877, symmetric). The scale of the largest magnitude, so nothing is cut.
 *
 * @param integers {@code [rows, columns]} INT8
 * @param scales {@code [rows]} or {@code [columns]}
 */
record Int8Matrix(Tensor integers, float[] scales) {
    private static final float LARGEST = 127f;

    /** With one scale a column. */
    static Int8Matrix byColumn(Tensor matrix) {
        return of(matrix, false);
    }

    /** With one scale a row. */
    static Int8Matrix byRow(Tensor matrix) {
        return of(matrix, true);
    }

    private static Int8Matrix of(Tensor matrix, boolean byRow) {
        int columns = Math.toIntExact(matrix.shape()[1]);
        float[] scales = scales(matrix, columns, byRow);
        Tensor integers = new Tensor(ElementType.INT8, matrix.shape(), () -> rounded(matrix, scales, columns, byRow));
        return new Int8Matrix(integers, scales);
    }

    private static float[] scales(Tensor matrix, int columns, boolean byRow) {
        float[] scales = new float[Math.toIntExact(matrix.shape()[byRow ? 0 : 1])];
        FloatBuffer values = matrix.floats();
        for (int i = 0; values.hasRemaining(); i++) {
            int unit = byRow ? i / columns : i % columns;
            scales[unit] = Math.max(scales[unit], Math.abs(values.get()));
        }
        for (int unit = 0; unit < scales.length; unit++) {
            scales[unit] = scales[unit] == 0 ? 1 : scales[unit] / LARGEST;
        }
        return scales;
    }

    private static ByteBuffer rounded(Tensor matrix, float[] scales, int columns, boolean byRow) {
        FloatBuffer values = matrix.floats();
        ByteBuffer integers = Tensor.buffer(values.remaining());
        for (int i = 0; values.hasRemaining(); i++) {
            float scale = scales[byRow ? i / columns : i % columns];
            integers.put((byte) Math.rint(values.get() / scale));
        }
        return integers.flip();
    }
}
