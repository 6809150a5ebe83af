package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingSessionTest {
    private static final Network NETWORK = TinyTraining.network(0.2);

    private static final ArtifactOptions OPTIONS =
            new ArtifactOptions(new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.01, 1), Target.CPU);

    @TempDir
    private Path folder;

    @Test
    void theSameSeedGivesTheSameBits() {
        Run first = run(7, "first");
        Run second = run(7, "second");
        Run other = run(8, "other");
        assertThat(second.losses).isEqualTo(first.losses);
        for (Tensor tensor : first.weights.all()) {
            assertThat(second.weights.get(tensor.name()).data())
                    .as(tensor.name())
                    .isEqualTo(tensor.data());
        }
        assertThat(other.losses).isNotEqualTo(first.losses);
    }

    @Test
    void aResumedSessionGoesOnToTheBit() {
        Run whole = run(7, "whole");
        List<Float> losses = new ArrayList<>();
        SessionState state;
        try (TrainingSession session = start(7, "half")) {
            for (int step = 0; step < 37; step++) {
                losses.add(session.step(TinyTraining.batch(step % 4, 5 + step % 4, 10), 5e-3));
            }
            session.save(folder.resolve("saved"));
            state = session.state();
            session.step(TinyTraining.batch(1, 6, 10), 5e-3);
        }
        try (TrainingSession session = TrainingSession.resume(
                NETWORK,
                TinyTraining.weights(),
                OPTIONS,
                VocabularySubset.whole(NETWORK.architecture()),
                folder.resolve("half"),
                new SessionSettings(2, 7),
                folder.resolve("saved"),
                state)) {
            for (int step = 37; step < 80; step++) {
                losses.add(session.step(TinyTraining.batch(step % 4, 5 + step % 4, 10), 5e-3));
            }
            assertThat(losses).isEqualTo(whole.losses);
            for (Tensor tensor : session.weights().all()) {
                assertThat(tensor.data())
                        .as(tensor.name())
                        .isEqualTo(whole.weights.get(tensor.name()).data());
            }
        }
    }

    /** Were a batch's seed that of the batch before, its dropout would be the same, and so would its loss. */
    @Test
    void everyBatchHasADropoutOfItsOwn() {
        try (TrainingSession session = start(7, "dropout")) {
            float first = session.accumulate(TinyTraining.batch(1, 6, 10), StepPart.WHOLE, 0);
            assertThat(session.accumulate(TinyTraining.batch(1, 6, 10), StepPart.WHOLE, 0))
                    .isNotEqualTo(first);
        }
    }

    /** 3 + 1 sentences in two batches are the 4 in one, of which each counts the same. */
    @Test
    void aSmallerLastBatchCountsForLess() {
        Network network = TinyTraining.network(0);
        Batch all = TinyTraining.batch(1, 6, 10);
        try (TrainingSession session = start(network, "parts")) {
            double loss = session.accumulate(all, StepPart.WHOLE, 0);
            float norm = session.gradNorm();
            double first = session.accumulate(rows(all, 0, 3), new StepPart(0, 2, 0.75), 0);
            double last = session.accumulate(rows(all, 3, 4), new StepPart(1, 2, 0.25), 0);
            assertThat(0.75 * first + 0.25 * last).isCloseTo(loss, within(1e-6));
            assertThat(session.gradNorm()).isCloseTo(norm, within(1e-5f * norm));
        }
    }

    private static Batch rows(Batch batch, int from, int to) {
        int length = batch.length();
        return Batch.of(
                to - from,
                length,
                Arrays.copyOfRange(batch.inputIds(), from * length, to * length),
                Arrays.copyOfRange(batch.attentionMask(), from * length, to * length),
                Arrays.copyOfRange(batch.tokenTypeIds(), from * length, to * length),
                Arrays.copyOfRange(batch.labels(), from, to),
                Arrays.copyOfRange(batch.rows(), from, to));
    }

    /** Also where nothing is clipped. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1})
    void aStepThatIsLeftOutChangesNothing(double maxGradNorm) {
        List<Tensor> tensors = new ArrayList<>(TinyTraining.weights().all());
        tensors.replaceAll(tensor -> tensor.name().equals("bert.embeddings.word_embeddings.weight")
                ? with(tensor, 49 * 16, Float.POSITIVE_INFINITY)
                : tensor);
        Optimizer optimizer = new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.01, maxGradNorm);
        ArtifactOptions options = new ArtifactOptions(optimizer, Target.CPU);
        try (TrainingSession session = start(new Weights("some/file", tensors), options, 1, "skipped")) {
            Batch batch = TinyTraining.batch(1, 6, 10);
            session.step(batch, 5e-3);
            Weights before = session.weights();
            batch.inputIds()[1] = 49;
            session.accumulate(batch, StepPart.WHOLE, 5e-3);
            assertThat(session.hasFiniteGradient()).isFalse();
            for (Tensor tensor : session.weights().all()) {
                assertThat(tensor.data())
                        .as(tensor.name())
                        .isEqualTo(before.get(tensor.name()).data());
            }
        }
    }

    private static Tensor with(Tensor tensor, int index, float value) {
        FloatBuffer data = FloatBuffer.allocate((int) tensor.elements());
        data.put(tensor.data()).put(index, value).rewind();
        return new Tensor(tensor.name(), tensor.shape(), data);
    }

    @Test
    void theLossFalls() {
        List<Float> losses = run(7, "falls").losses;
        assertThat(losses.get(79)).isLessThan(0.5f * losses.get(3));
    }

    @Test
    void paddingChangesNothing() {
        try (TrainingSession session = start(1, "padding")) {
            Evaluation tight = session.evaluate(TinyTraining.batch(3, 9, 9));
            Evaluation padded = session.evaluate(TinyTraining.batch(3, 9, 17));
            assertThat(padded.logits()).containsExactly(tight.logits(), within(1e-6f));
            assertThat(padded.loss()).isCloseTo(tight.loss(), within(1e-6f));
        }
    }

    @Test
    void aMissingWeightIsNamed() {
        List<Tensor> tensors = new ArrayList<>(TinyTraining.weights().all());
        tensors.removeIf(tensor -> tensor.name().equals("bert.encoder.layer.1.output.dense.bias"));
        Weights incomplete = new Weights("some/file", tensors);
        assertThatThrownBy(() -> start(incomplete, 1, "missing"))
                .isInstanceOf(OrtuneException.class)
                .hasMessage("some/file: tensor bert.encoder.layer.1.output.dense.bias is missing");
    }

    @Test
    void aWeightOfAnotherShapeIsNamed() {
        List<Tensor> tensors = new ArrayList<>(TinyTraining.weights().all());
        tensors.removeIf(tensor -> tensor.name().equals("classifier.bias"));
        tensors.add(new Tensor("classifier.bias", new long[] {3}, FloatBuffer.allocate(3)));
        assertThatThrownBy(() -> start(new Weights("some/file", tensors), 1, "shape"))
                .hasMessage("some/file: tensor classifier.bias has shape [3] where the configuration asks for [2]");
    }

    private record Run(List<Float> losses, Weights weights) {}

    private Run run(long seed, String name) {
        try (TrainingSession session = start(seed, name)) {
            List<Float> losses = new ArrayList<>();
            for (int step = 0; step < 80; step++) {
                losses.add(session.step(TinyTraining.batch(step % 4, 5 + step % 4, 10), 5e-3));
            }
            return new Run(losses, session.weights());
        }
    }

    private TrainingSession start(long seed, String name) {
        return start(TinyTraining.weights(), seed, name);
    }

    private TrainingSession start(Network network, String name) {
        return TrainingSession.start(
                network,
                TinyTraining.weights(),
                OPTIONS,
                VocabularySubset.whole(network.architecture()),
                folder.resolve(name),
                new SessionSettings(2, 7));
    }

    private TrainingSession start(Weights weights, long seed, String name) {
        return start(weights, OPTIONS, seed, name);
    }

    private TrainingSession start(Weights weights, ArtifactOptions options, long seed, String name) {
        return TrainingSession.start(
                NETWORK,
                weights,
                options,
                VocabularySubset.whole(NETWORK.architecture()),
                folder.resolve(name),
                new SessionSettings(2, seed));
    }
}
