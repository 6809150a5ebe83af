package dev.ortune.trainer.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CalibrationTest {
    @Test
    void theErrorIsTheWeightedDistanceOfEachBin() {
        double[] confidences = {0.55, 0.58, 0.91, 0.95, 0.99};
        boolean[] right = {true, false, true, true, false};
        Calibration calibration = Calibration.of(confidences, right, 10);
        double lower = Math.abs(0.5 - (0.55 + 0.58) / 2);
        double upper = Math.abs(2 / 3.0 - (0.91 + 0.95 + 0.99) / 3);
        assertThat(calibration.expectedError()).isCloseTo(2 / 5.0 * lower + 3 / 5.0 * upper, within(1e-12));
        assertThat(calibration.bins().get(5).count()).isEqualTo(2);
        assertThat(calibration.bins().get(9).accuracy()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(calibration.bins().get(7)).isEqualTo(new Calibration.Bin(0.7, 0.8, 0, 0, 0));
    }

    @Test
    void aBinHasItsUpperBorderAndNotItsLower() {
        Calibration calibration = Calibration.of(new double[] {0.5, 0.75, 1, 0}, new boolean[4], 4);
        assertThat(calibration.bins().stream().map(Calibration.Bin::count)).containsExactly(1, 1, 1, 1);
    }

    @Test
    void whoIsAlwaysRightAndSureIsCalibrated() {
        assertThat(Calibration.of(new double[] {1, 1}, new boolean[] {true, true}, Calibration.BINS)
                        .expectedError())
                .isZero();
    }
}
