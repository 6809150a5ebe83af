package dev.ortune.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Expected values were worked out by hand, or with NumPy from scikit-learn's formulas. */
class MetricsTest {
    private static final Offset<Double> EXACT = within(1e-12);

    @Test
    void twoLabels() {
        ConfusionMatrix confusion =
                ConfusionMatrix.of(new int[] {0, 0, 0, 1, 1, 1, 1, 1}, new int[] {0, 0, 1, 1, 1, 1, 1, 0}, 2);
        assertThat(confusion.counts()).isDeepEqualTo(new long[][] {{2, 1}, {1, 4}});
        assertThat(confusion.accuracy()).isEqualTo(0.75);
        assertThat(confusion.f1()).as("of label 1").isCloseTo(0.8, EXACT);
        assertThat(confusion.mcc()).isCloseTo(7.0 / 15, EXACT);
    }

    @Test
    void threeLabels() {
        ConfusionMatrix confusion = new ConfusionMatrix(new long[][] {{50, 10, 2}, {5, 40, 8}, {1, 3, 30}});
        assertThat(confusion.accuracy()).isCloseTo(0.8053691275167785, EXACT);
        assertThat(confusion.f1()).as("mean over the labels").isCloseTo(0.8043284730205101, EXACT);
        assertThat(confusion.mcc()).isCloseTo(0.7050001991431722, EXACT);
    }

    @Test
    void perfectAndOppositePredictions() {
        int[] labels = {0, 1, 1, 0};
        assertThat(ConfusionMatrix.of(labels, labels, 2).mcc()).isEqualTo(1);
        assertThat(ConfusionMatrix.of(labels, new int[] {1, 0, 0, 1}, 2).mcc()).isEqualTo(-1);
    }

    @Test
    void undefinedValuesAreZero() {
        ConfusionMatrix oneLabelPredicted = ConfusionMatrix.of(new int[] {0, 1, 0}, new int[] {0, 0, 0}, 2);
        assertThat(oneLabelPredicted.mcc()).isZero();
        assertThat(oneLabelPredicted.f1()).isZero();
        assertThat(ConfusionMatrix.of(new int[0], new int[0], 2).accuracy()).isZero();
    }

    @Test
    void macroF1LeavesOutLabelsThatNeitherOccurNorWerePredicted() {
        ConfusionMatrix confusion = ConfusionMatrix.of(new int[] {0, 1, 1}, new int[] {0, 1, 0}, 3);
        assertThat(confusion.f1()).isCloseTo(2.0 / 3, EXACT);
    }

    @Test
    void mccOfManyExamplesDoesNotOverflow() {
        long many = 3_000_000_000L;
        assertThat(new ConfusionMatrix(new long[][] {{many, 0}, {0, many}}).mcc())
                .isCloseTo(1, EXACT);
    }

    @Test
    void batchesAreCutInOrder() {
        int[] labels = {0, 1, 0, 1, 1};
        int[] predictions = {0, 1, 1, 0, 1};
        BatchMcc batches = BatchMcc.of(labels, predictions, 2, 2);
        assertThat(batches.values())
                .as("a perfect, an opposite, an undefined one")
                .containsExactly(1.0, -1.0, 0.0);
        assertThat(batches.mean()).isZero();
        assertThat(BatchMcc.BATCH_SIZE).isEqualTo(32);
    }

    @Test
    void lossAndProbabilitiesOfLogits() {
        ClassPredictions predictions =
                new ClassPredictions(new float[][] {{1.5f, -0.5f}, {0.2f, 0.1f}, {-2, 3}}, new int[] {0, 1, 1});
        assertThat(predictions.predictions()).containsExactly(0, 0, 1);
        assertThat(predictions.loss()).isCloseTo(0.2926800065352205, within(1e-7));
        assertThat(predictions.probabilities(0)).containsExactly(new double[] {0.88079708, 0.11920292}, within(1e-7));
        assertThat(predictions.metrics().count()).isEqualTo(3);
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        ClassPredictions predictions = new ClassPredictions(new float[][] {{1e30f, -1e30f}}, new int[] {0});
        assertThat(predictions.loss()).isZero();
        assertThat(Arrays.stream(predictions.probabilities(0)).sum()).isCloseTo(1, EXACT);
    }

    @Test
    void theBestIsTheGreatestOrTheLeastLoss() {
        ClassificationMetrics first = metrics(0.5, new long[][] {{2, 1}, {1, 4}});
        ClassificationMetrics second = metrics(0.4, new long[][] {{3, 0}, {2, 3}});
        assertThat(Metric.LOSS.improves(second, first)).isTrue();
        assertThat(Metric.LOSS.improves(first, second)).isFalse();
        assertThat(Metric.ACCURACY.improves(second, first)).as("equal").isFalse();
        assertThat(Metric.MCC.improves(second, first)).isTrue();
        assertThat(Metric.F1.improves(second, first)).isFalse();
        assertThat(Metric.MCC.improves(first, null)).isTrue();
        assertThat(Metric.ACCURACY.prefers(second, first))
                .as("as good, less loss")
                .isTrue();
        assertThat(Metric.ACCURACY.prefers(first, second)).isFalse();
        assertThat(Metric.ACCURACY.prefers(first, first)).isFalse();
        assertThat(Metric.MCC.prefers(first, second)).isFalse();
        assertThat(Metric.MCC.prefers(first, null)).isTrue();
    }

    private static ClassificationMetrics metrics(double loss, long[][] counts) {
        return ClassificationMetrics.of(loss, new ConfusionMatrix(counts));
    }
}
