package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {
    @Test
    void linearRisesAndFalls() {
        assertThat(factors(LearningRateSchedule.of(LearningRateSchedule.Kind.LINEAR, 0.2, 10), 11))
                .containsExactly(
                        new double[] {0, 0.5, 1, 0.875, 0.75, 0.625, 0.5, 0.375, 0.25, 0.125, 0}, within(1e-12));
    }

    @Test
    void cosineRisesAndFallsOnHalfAWave() {
        double[] factors = factors(LearningRateSchedule.of(LearningRateSchedule.Kind.COSINE, 0.2, 10), 11);
        // 0.5 (1 + cos(pi k / 8)) for k = 0 to 8
        assertThat(factors)
                .containsExactly(
                        new double[] {
                            0, 0.5, 1, 0.96193977, 0.85355339, 0.69134172, 0.5, 0.30865828, 0.14644661, 0.03806023, 0
                        },
                        within(1e-8));
    }

    @Test
    void constantStays() {
        assertThat(factors(LearningRateSchedule.of(LearningRateSchedule.Kind.CONSTANT, 0.5, 4), 4))
                .containsExactly(0, 0.5, 1, 1);
    }

    @Test
    void withoutWarmupTheFirstStepHasTheFullRate() {
        for (LearningRateSchedule.Kind kind : LearningRateSchedule.Kind.values()) {
            assertThat(LearningRateSchedule.of(kind, 0, 10).factor(0)).isEqualTo(1);
        }
    }

    @Test
    void warmupStepsAreRoundedUp() {
        assertThat(LearningRateSchedule.of(LearningRateSchedule.Kind.LINEAR, 0.1, 1069)
                        .warmupSteps())
                .isEqualTo(107);
    }

    @Test
    void aRunThatOnlyWarmsUpNeverDividesByZero() {
        assertThat(factors(LearningRateSchedule.of(LearningRateSchedule.Kind.LINEAR, 1, 2), 3))
                .containsExactly(0, 0.5, 1);
    }

    /** A handful of sentences in one batch for one epoch: with a warm-up the model would stay as it was. */
    @Test
    void aRunOfOneStepTrains() {
        for (LearningRateSchedule.Kind kind : LearningRateSchedule.Kind.values()) {
            assertThat(LearningRateSchedule.of(kind, 0.1, 1).factor(0)).isEqualTo(1);
            assertThat(factors(LearningRateSchedule.of(kind, 0.1, 2), 2)).containsExactly(0, 1);
        }
    }

    private static double[] factors(LearningRateSchedule schedule, int steps) {
        return IntStream.range(0, steps).mapToDouble(schedule::factor).toArray();
    }
}
