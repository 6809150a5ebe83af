package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.ArtifactsWriter;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.SplitCheckpoint;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.artifacts.TrainingArtifacts;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.runtime.NativeLibraries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose weights and moments take more than 2 GB have their weights in a second file. */
class SplitCheckpointTest {
    private static final Network NETWORK = TinyTraining.network(0.2);

    private static final ArtifactOptions OPTIONS =
            new ArtifactOptions(new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.01, 1), Target.CPU);

    @TempDir
    private Path folder;

    @Test
    void aRunGoesOnFromASecondFileToTheBit() throws Exception {
        List<Float> expected = new ArrayList<>();
        Weights whole;
        try (TrainingSession session = open("whole", false)) {
            steps(session, 0, 12, expected);
            whole = session.weights();
        }
        List<Float> losses = new ArrayList<>();
        SessionState state;
        try (TrainingSession session = open("split", true)) {
            steps(session, 0, 5, losses);
            session.save(folder.resolve("saved"));
            state = session.state();
            steps(session, 5, 7, new ArrayList<>());
            session.weights();
        }
        assertThat(folder.resolve("saved.data")).exists();
        assertThat(folder.resolve("split/checkpoint.tmp.data")).doesNotExist();
        try (TrainingSession session = resume("split", folder.resolve("saved"), state)) {
            steps(session, 5, 12, losses);
            assertThat(losses).isEqualTo(expected);
            for (Tensor tensor : session.weights().all()) {
                assertThat(tensor.data())
                        .as(tensor.name())
                        .isEqualTo(whole.get(tensor.name()).data());
            }
        }
    }

    private static void steps(TrainingSession session, int from, int to, List<Float> losses) {
        for (int step = from; step < to; step++) {
            losses.add(session.step(TinyTraining.batch(step % 4, 5 + step % 4, 10), 5e-3));
        }
    }

    private TrainingSession open(String name, boolean split) {
        NativeLibraries.load();
        TrainingArtifacts artifacts =
                ArtifactsWriter.write(NETWORK, TinyTraining.weights(), OPTIONS, folder.resolve(name));
        if (split) {
            SplitCheckpoint.write(artifacts.checkpoint(), TinyTraining.weights());
        }
        return resume(name, artifacts.checkpoint(), SessionState.START);
    }

    private TrainingSession resume(String name, Path checkpoint, SessionState state) {
        return TrainingSession.resume(
                NETWORK,
                TinyTraining.weights(),
                OPTIONS,
                VocabularySubset.whole(NETWORK.architecture()),
                folder.resolve(name),
                new SessionSettings(2, 7),
                checkpoint,
                state);
    }
}
