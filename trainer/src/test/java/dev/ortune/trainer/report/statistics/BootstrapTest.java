package dev.ortune.trainer.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final int EXAMPLES = 400;
    private static final int[] LABELS =
            IntStream.range(0, EXAMPLES).map(i -> i % 2).toArray();

    @Test
    void theIntervalIsAboutTheNormalOne() {
        Bootstrap bootstrap = Bootstrap.of(LABELS, wrongOneIn(5, 0), 2, Bootstrap.SAMPLES, Bootstrap.SEED);
        double half = 1.96 * Math.sqrt(0.8 * 0.2 / EXAMPLES);
        assertThat(bootstrap.accuracy().low()).isCloseTo(0.8 - half, within(0.01));
        assertThat(bootstrap.accuracy().high()).isCloseTo(0.8 + half, within(0.01));
    }

    @Test
    void theSeedDecides() {
        int[] predictions = wrongOneIn(5, 0);
        assertThat(Bootstrap.of(LABELS, predictions, 2, 200, 1))
                .isEqualTo(Bootstrap.of(LABELS, predictions, 2, 200, 1));
        assertThat(Bootstrap.of(LABELS, predictions, 2, 200, 1))
                .isNotEqualTo(Bootstrap.of(LABELS, predictions, 2, 200, 2));
    }

    @Test
    void aModelDoesNotDifferFromItself() {
        PairedBootstrap paired = paired(wrongOneIn(5, 0), wrongOneIn(5, 0));
        assertThat(paired.mcc().value()).isZero();
        assertThat(paired.mcc().interval()).isEqualTo(new Interval(0, 0));
        assertThat(paired.mcc().p()).isEqualTo(1);
        assertThat(paired.mcc().isSignificant()).isFalse();
    }

    @Test
    void aMuchBetterModelIsSignificantlyBetterAndTheOtherWorse() {
        PairedBootstrap better = paired(wrongOneIn(4, 0), wrongOneIn(20, 1));
        assertThat(better.accuracy().value()).isCloseTo(0.2, within(1e-12));
        assertThat(better.accuracy().interval().low()).isPositive();
        assertThat(better.accuracy().p()).isCloseTo(2 / 1001.0, within(1e-12));
        assertThat(better.mcc().isSignificant()).isTrue();
        PairedBootstrap worse = paired(wrongOneIn(20, 1), wrongOneIn(4, 0));
        assertThat(worse.mcc().value()).isEqualTo(-better.mcc().value());
        assertThat(worse.mcc().p()).isEqualTo(better.mcc().p());
    }

    /** Of the pairs without a true difference about one in twenty is called significant. */
    @Test
    void chanceIsCalledSignificantAboutAsSeldomAsItShould() {
        Random random = new Random(3);
        int called = 0;
        for (int pair = 0; pair < 200; pair++) {
            int[] one = wrongAtRandom(random);
            int[] other = wrongAtRandom(random);
            called += PairedBootstrap.of(LABELS, one, other, 2, 200, pair)
                            .accuracy()
                            .isSignificant()
                    ? 1
                    : 0;
        }
        assertThat(called).isBetween(2, 24);
    }

    private static PairedBootstrap paired(int[] first, int[] second) {
        return PairedBootstrap.of(LABELS, first, second, 2, Bootstrap.SAMPLES, Bootstrap.SEED);
    }

    private static int[] wrongOneIn(int n, int offset) {
        return IntStream.range(0, EXAMPLES)
                .map(i -> i % n == offset ? 1 - LABELS[i] : LABELS[i])
                .toArray();
    }

    private static int[] wrongAtRandom(Random random) {
        return Arrays.stream(LABELS)
                .map(label -> random.nextInt(5) == 0 ? 1 - label : label)
                .toArray();
    }
}
