package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LossScaleTest {
    @Test
    void theDefaultsArePyTorchsGradScalers() {
        assertThat(LossScale.Settings.DEFAULT).isEqualTo(new LossScale.Settings(65536, 2000));
    }

    @Test
    void goodStepsInARowDoubleItAndOneBadHalvesIt() {
        LossScale scale = new LossScale(new LossScale.Settings(8, 3));
        assertThat(scale.updatesAfter(1)).isTrue();
        assertThat(scale.updatesAfter(1)).isTrue();
        assertThat(scale.updatesAfter(Float.POSITIVE_INFINITY)).isFalse();
        assertThat(scale.value()).isEqualTo(4);
        scale.updatesAfter(1);
        scale.updatesAfter(1);
        assertThat(scale.value()).isEqualTo(4);
        scale.updatesAfter(1);
        assertThat(scale.value()).isEqualTo(8);
        assertThat(scale.updatesAfter(Float.NaN)).isFalse();
        assertThat(scale.skippedSteps()).isEqualTo(2);
    }

    @Test
    void itDoesNotShrinkForEver() {
        LossScale scale = new LossScale(new LossScale.Settings(1, 3));
        assertThatThrownBy(() -> {
                    for (int step = 0; step < 100; step++) {
                        scale.updatesAfter(Float.NaN);
                    }
                })
                .hasMessageStartingWith("Gradients overflow in fp16 whatever the loss is scaled by");
        assertThat(scale.skippedSteps()).isEqualTo(11);
    }
}
