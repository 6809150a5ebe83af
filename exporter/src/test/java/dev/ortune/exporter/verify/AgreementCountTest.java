package dev.ortune.exporter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AgreementCountTest {
    /** Both are below a half, and one of them above its threshold of a quarter. */
    @Test
    void labelsAreGivenFromTheirThresholds() {
        float[] least = {(float) Math.log(0.25 / 0.75), 0};
        assertThat(agreement(least, -1, -2, -1.2f, -2)).isEqualTo(0.5);
        assertThat(agreement(new float[0], -1, -2, -1.2f, -2)).isEqualTo(1);
        assertThat(agreement(least, -1, 2, -0.5f, 1)).isEqualTo(1);
    }

    private static double agreement(float[] least, float first, float second, float otherFirst, float otherSecond) {
        AgreementCount count = new AgreementCount(Verdict.EACH_LABEL, least);
        count.add(output(first, second), output(otherFirst, otherSecond));
        return count.agreement().share();
    }

    private static ModelOutput output(float... logits) {
        return new ModelOutput(false, new float[][][] {{logits}});
    }
}
