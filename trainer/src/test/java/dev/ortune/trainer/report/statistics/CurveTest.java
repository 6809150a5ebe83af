package dev.ortune.trainer.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurveTest {
    @Test
    void aMovingAverageIsCentredAndShorterAtTheEnds() {
        assertThat(MovingAverage.of(new double[] {1, 2, 6, 4, 5}, 3)).containsExactly(1.5, 3, 4, 5, 4.5);
        assertThat(MovingAverage.of(new double[] {7}, 5)).containsExactly(7);
        assertThat(MovingAverage.of(new double[0], 5)).isEmpty();
    }

    @Test
    void thinningKeepsTheEnds() {
        double[] x = IntStream.range(0, 1001).asDoubleStream().toArray();
        Curve thin = new Curve(x, x).thinned(11);
        assertThat(thin.x()).containsExactly(0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000);
        assertThat(new Curve(x, x).thinned(2000).size()).isEqualTo(1001);
    }

    @Test
    void pointsHaveTwoCoordinates() {
        assertThatThrownBy(() -> new Curve(new double[2], new double[3])).isInstanceOf(IllegalArgumentException.class);
    }
}
