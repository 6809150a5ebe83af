package dev.ortune.trainer.report.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** scikit-learn's documentation has the first example's figures. */
class RankingTest {
    private static final double[] SCORES = {0.1, 0.4, 0.35, 0.8};
    private static final boolean[] POSITIVE = {false, false, true, true};

    @Test
    void areasAreThoseOfScikitLearn() {
        Ranking ranking = Ranking.of(SCORES, POSITIVE);
        assertThat(ranking.auc()).isCloseTo(0.75, within(1e-15));
        assertThat(ranking.averagePrecision()).isCloseTo(5 / 6.0, within(1e-15));
    }

    @Test
    void curvesGoFromEndToEnd() {
        Curve roc = Ranking.of(SCORES, POSITIVE).roc();
        assertThat(roc.x()).containsExactly(0, 0, 0.5, 0.5, 1);
        assertThat(roc.y()).containsExactly(0, 0.5, 0.5, 1, 1);
        Curve precisionRecall = Ranking.of(SCORES, POSITIVE).precisionRecall();
        assertThat(precisionRecall.x()).containsExactly(0, 0.5, 0.5, 1, 1);
        assertThat(precisionRecall.y()).containsExactly(1, 1, 0.5, 2 / 3.0, 0.5);
    }

    @Test
    void equalScoresCountHalf() {
        Ranking ranking = Ranking.of(new double[] {0.5, 0.5, 0.5}, new boolean[] {true, false, true});
        assertThat(ranking.auc()).isEqualTo(0.5);
        assertThat(ranking.roc().size()).isEqualTo(2);
        assertThat(ranking.averagePrecision()).isCloseTo(2 / 3.0, within(1e-15));
    }

    @Test
    void perfectAndReversedAreTheEnds() {
        double[] scores = {0.9, 0.8, 0.2, 0.1};
        assertThat(Ranking.of(scores, new boolean[] {true, true, false, false}).auc())
                .isEqualTo(1);
        assertThat(Ranking.of(scores, new boolean[] {false, false, true, true}).auc())
                .isZero();
    }

    @Test
    void oneKindOfExampleAloneDefinesNothing() {
        assertThat(Ranking.of(new double[] {0.1, 0.2}, new boolean[] {true, true})
                        .isDefined())
                .isFalse();
        assertThat(Ranking.of(new double[] {0.1}, new boolean[] {false}).isDefined())
                .isFalse();
    }
}
