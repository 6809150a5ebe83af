package dev.ortune.exporter.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfTest {
    @Test
    void everyHalfComesBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Half.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(Half.of(value)).as("%04x", bits).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void everythingElseGoesToTheNearestAndTiesToEven() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Math.abs(value) < Half.MAX) {
                assertNearest(value);
            }
        }
        assertThat(Half.of(1f + 0x1p-11f)).isEqualTo(Half.of(1f));
        assertThat(Half.of(1f + 3 * 0x1p-11f)).isEqualTo(Half.of(1f + 2 * 0x1p-10f));
        assertThat(Half.of(0x1p-25f)).isEqualTo((short) 0);
        assertThat(Half.of(65519f)).isEqualTo(Half.of(Half.MAX));
        assertThat(Half.toFloat(Half.of(65520f))).isInfinite();
        assertThat(Half.toFloat(Half.of(Float.NaN))).isNaN();
    }

    private static void assertNearest(float value) {
        short half = Half.of(value);
        double distance = Math.abs((double) Half.toFloat(half) - value);
        for (int step : new int[] {-1, 1}) {
            float neighbour = Half.toFloat((short) (half + step));
            if (Float.isFinite(neighbour)) {
                assertThat(distance).as("%a", value).isLessThanOrEqualTo(Math.abs((double) neighbour - value));
            }
        }
    }
}
