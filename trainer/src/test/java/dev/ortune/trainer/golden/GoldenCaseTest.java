package dev.ortune.trainer.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.task.head.SequenceHead;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The golden files fit together; whether Ortune computes the same is tested where it computes. */
class GoldenCaseTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"bert-tiny", "gelu-new", "relu", "label-smoothing-class-weights", "accumulation", "bert-adam"})
    void filesOfACaseFitTogether(String name) {
        GoldenCase golden = GoldenCase.load(name);
        assertThat(golden.losses()).hasSize(golden.steps());
        assertThat(golden.gradientNorms()).hasSize(golden.steps());
        assertThat(golden.logits())
                .hasDimensions(
                        golden.batches().get(0).size(),
                        golden.network().head() instanceof SequenceHead head ? head.labels() : 0);
        for (Tensor tensor : golden.initial().all()) {
            assertThat(golden.gradients().get(tensor.name()).shape()).isEqualTo(tensor.shape());
            assertThat(golden.finalWeights().get(tensor.name()).shape()).isEqualTo(tensor.shape());
        }
        assertThat(golden.gradients().all()).hasSameSizeAs(golden.initial().all());
    }

    @Test
    void lossOfTheFirstStepFollowsFromTheLogits() {
        GoldenCase golden = GoldenCase.load("bert-tiny");
        long[] labels = golden.batch(0, 0).labels();
        double loss = IntStream.range(0, labels.length)
                .mapToDouble(i -> crossEntropy(golden.logits()[i], (int) labels[i]))
                .average()
                .orElseThrow();
        assertThat(golden.losses()[0]).isCloseTo(loss, within(1e-9));
    }

    @Test
    void normOfTheFirstStepFollowsFromTheGradients() {
        GoldenCase golden = GoldenCase.load("bert-tiny");
        double sum = golden.gradients().all().stream()
                .mapToDouble(tensor -> sumOfSquares(tensor.data()))
                .sum();
        assertThat(Math.sqrt(sum)).isCloseTo(golden.gradientNorms()[0], within(1e-6));
    }

    @Test
    void microBatchesFollowEachOther() {
        GoldenCase golden = GoldenCase.load("accumulation");
        assertThat(golden.batch(2, 1)).isSameAs(golden.batches().get(0));
    }

    private static double crossEntropy(double[] logits, int label) {
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit);
        }
        return Math.log(sum) - logits[label];
    }

    private static double sumOfSquares(FloatBuffer data) {
        double sum = 0;
        while (data.hasRemaining()) {
            double value = data.get();
            sum += value * value;
        }
        return sum;
    }
}
