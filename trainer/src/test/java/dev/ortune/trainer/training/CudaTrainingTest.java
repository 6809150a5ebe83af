package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.artifacts.TrainingArtifacts;
import dev.ortune.trainer.model.form.TokenLayout;
import dev.ortune.trainer.runtime.CudaDevices;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.runtime.NodePlacement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only a GPU can show; skipped where there is none. */
class CudaTrainingTest {
    private static final int STEPS = 40;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"FP32,PACKED", "FP32,PADDED", "TF32,PACKED", "FP16,PACKED", "FP16,PADDED", "BF16,PACKED", "BF16,PADDED"
    })
    void lossesFollowTheCpus(Precision precision, TokenLayout layout) {
        Device gpu = CudaDevices.required();
        List<Float> expected = losses(Target.CPU, Precision.FP32, layout, Device.CPU);
        List<Float> actual = losses(Target.CUDA, precision, layout, gpu);
        for (int step = 0; step < STEPS; step++) {
            float tolerance = precision == Precision.FP32 ? 1e-3f : 0.02f;
            assertThat(actual.get(step))
                    .as("loss of step %d", step)
                    .isCloseTo(expected.get(step), within(tolerance * expected.get(step) + 1e-3f));
        }
    }

    @ParameterizedTest
    @CsvSource({"FP32,PADDED", "FP16,PACKED", "FP16,PADDED", "BF16,PACKED"})
    void noNodeOfTheStepIsOnTheCpu(Precision precision, TokenLayout layout) throws Exception {
        Device gpu = CudaDevices.required();
        start(Target.CUDA, precision, layout, gpu, 0.1).close();
        TrainingArtifacts artifacts = new TrainingArtifacts(folder.resolve(name(Target.CUDA, precision, layout)));
        for (Path model : List.of(artifacts.trainingModel(), artifacts.optimizerModel())) {
            NodePlacement placement = NodePlacement.of(model, gpu);
            assertThat(placement.nodes().get(NodePlacement.CPU))
                    .as("on the CPU of %s", model.getFileName())
                    .isNull();
            assertThat(placement.counts()).containsOnlyKeys(NodePlacement.CUDA);
        }
    }

    /** That the reading of ONNX Runtime's log, on which the test above stands, is right where no GPU is. */
    @Test
    void withoutAGpuAllNodesAreOnTheCpu() throws Exception {
        start(Target.CPU, Precision.FP32, TokenLayout.PACKED, Device.CPU, 0.1).close();
        TrainingArtifacts artifacts =
                new TrainingArtifacts(folder.resolve(name(Target.CPU, Precision.FP32, TokenLayout.PACKED)));
        NodePlacement placement = NodePlacement.of(artifacts.trainingModel(), Device.CPU);
        assertThat(placement.counts()).containsOnlyKeys(NodePlacement.CPU);
        assertThat(placement.counts().get(NodePlacement.CPU)).isGreaterThan(100);
    }

    private List<Float> losses(Target target, Precision precision, TokenLayout layout, Device device) {
        try (TrainingSession session = start(target, precision, layout, device, 0)) {
            List<Float> losses = new ArrayList<>();
            for (int step = 0; step < STEPS; step++) {
                losses.add(session.step(TinyTraining.batch(step % 4, 5 + step % 4, 10), 1e-3));
            }
            return losses;
        }
    }

    private TrainingSession start(
            Target target, Precision precision, TokenLayout layout, Device device, double dropout) {
        Optimizer optimizer = new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.01, 1);
        return TrainingSession.start(
                TinyTraining.network(dropout),
                TinyTraining.weights(),
                new ArtifactOptions(optimizer, target, precision, layout, true),
                VocabularySubset.whole(TinyTraining.network(0).architecture()),
                folder.resolve(name(target, precision, layout)),
                new SessionSettings(1, 7, device, new LossScale.Settings(1024, 1000)));
    }

    private static String name(Target target, Precision precision, TokenLayout layout) {
        return target + "-" + precision + "-" + layout;
    }
}
