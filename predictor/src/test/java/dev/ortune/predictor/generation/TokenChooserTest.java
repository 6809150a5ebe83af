package dev.ortune.predictor.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.Sampling;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenChooserTest {
    private static final float[] LOGITS = {1, 3, 2, 0};
    private static final int DRAWS = 20_000;

    private static double[] shares(Sampling sampling) {
        TokenChooser chooser = new TokenChooser(new GenerationParameters(1, sampling, 1, List.of()));
        double[] shares = new double[LOGITS.length];
        for (int i = 0; i < DRAWS; i++) {
            shares[chooser.choose(LOGITS.clone()).token()] += 1.0 / DRAWS;
        }
        return shares;
    }

    @Test
    void theLikeliestIsTakenWithItsProbability() {
        TokenChooser.Choice choice = new TokenChooser(GenerationParameters.greedy(1)).choose(LOGITS.clone());
        assertThat(choice.token()).isEqualTo(1);
        assertThat(Math.exp(choice.logprob())).isCloseTo(0.6439, within(1e-4));
    }

    @Test
    void tokensAreDrawnAsOftenAsTheyAreLikely() {
        assertThat(shares(new Sampling(1, 0, 1, 7)))
                .containsExactly(new double[] {0.0871, 0.6439, 0.2369, 0.0321}, within(0.01));
        // exp(x / 2)
        assertThat(shares(new Sampling(2, 0, 1, 7)))
                .containsExactly(new double[] {0.1674, 0.4551, 0.2760, 0.1015}, within(0.012));
    }

    @Test
    void topKAndTopPLeaveTheLikeliest() {
        assertThat(shares(new Sampling(1, 2, 1, 7))).containsExactly(new double[] {0, 0.7311, 0.2689, 0}, within(0.01));
        // The first two reach 0.88, so that two are enough for 0.8 and three for 0.9.
        assertThat(shares(new Sampling(1, 0, 0.8, 7)))
                .containsExactly(new double[] {0, 0.7311, 0.2689, 0}, within(0.01));
        assertThat(shares(new Sampling(1, 0, 0.9, 7))[0]).isPositive();
        assertThat(shares(new Sampling(1, 0, 0.9, 7))[3]).isZero();
        assertThat(shares(new Sampling(1, 0, 0.5, 7))[1]).isCloseTo(1, within(1e-9));
    }

    @Test
    void whatIsThereBecomesLessLikely() {
        TokenChooser chooser = new TokenChooser(new GenerationParameters(1, null, 2, List.of()));
        chooser.saw(1);
        assertThat(chooser.choose(LOGITS.clone()).token()).isEqualTo(2);
        TokenChooser negative = new TokenChooser(new GenerationParameters(1, null, 2, List.of()));
        negative.saw(0);
        assertThat(negative.choose(new float[] {-1, -1.5f}).token()).isEqualTo(1);
    }
}
