package dev.ortune.exporter.precision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.exporter.graph.Tensor;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class Int8MatrixTest {
    private static final Tensor MATRIX = Tensor.floats(new long[] {3, 2}, 1.27f, -50.8f, -0.635f, 25.4f, 0.004f, 0f);

    @Test
    void eachColumnHasAScaleOfItsLargestMagnitude() {
        Int8Matrix matrix = Int8Matrix.byColumn(MATRIX);
        assertThat(matrix.scales()).containsExactly(new float[] {0.01f, 0.4f}, within(1e-7f));
        // -63.5 lies between two integers and goes to the even one; 0.4 to none.
        assertThat(integers(matrix)).containsExactly(127, -127, -64, 64, 0, 0);
    }

    @Test
    void eachRowHasAScaleOfItsLargestMagnitude() {
        Int8Matrix matrix = Int8Matrix.byRow(MATRIX);
        assertThat(matrix.scales()).containsExactly(new float[] {0.4f, 0.2f, 0.004f / 127}, within(1e-7f));
        assertThat(integers(matrix)).containsExactly(3, -127, -3, 127, 127, 0);
    }

    @Test
    void zerosStayZeros() {
        Int8Matrix matrix = Int8Matrix.byRow(Tensor.floats(new long[] {1, 2}, 0f, 0f));
        assertThat(matrix.scales()).containsExactly(1f);
        assertThat(integers(matrix)).containsExactly(0, 0);
    }

    private static int[] integers(Int8Matrix matrix) {
        ByteBuffer bytes = matrix.integers().bytes();
        int[] integers = new int[bytes.remaining()];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = bytes.get();
        }
        return integers;
    }
}
