package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EarlyStoppingTest {
    @Test
    void stopsAfterSoManyInARow() {
        EarlyStopping stopping = new EarlyStopping(2);
        assertThat(stopping.stopsAfter(true)).isFalse();
        assertThat(stopping.stopsAfter(false)).isFalse();
        assertThat(stopping.stopsAfter(true)).isFalse();
        assertThat(stopping.stopsAfter(false)).isFalse();
        assertThat(stopping.stopsAfter(false)).isTrue();
    }

    @Test
    void zeroNeverStops() {
        EarlyStopping stopping = new EarlyStopping(0);
        for (int i = 0; i < 10; i++) {
            assertThat(stopping.stopsAfter(false)).isFalse();
        }
    }

    @Test
    void patienceIsNotNegative() {
        assertThatThrownBy(() -> new EarlyStopping(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
