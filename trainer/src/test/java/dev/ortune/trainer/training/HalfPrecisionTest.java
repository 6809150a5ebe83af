package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.model.form.TokenLayout;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.RunDescription;
import dev.ortune.trainer.report.RunSummary;
import dev.ortune.trainer.report.StepRecord;
import dev.ortune.trainer.report.TrainingLog;
import dev.ortune.trainer.runtime.Device;
import dev.ortune.trainer.text.Encoding;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Training in fp16, on the CPU: values are rounded to halves between operators as on a GPU, and ONNX Runtime computes
 * each operator in float32.
 */
class HalfPrecisionTest {
    private static final int STEPS = 60;
    private static final RunArguments RUN = new RunArguments(1000, OnNan.STOP, 0, null, false, Pause.NEVER, List.of());

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void lossesAndGradientNormsFollowSinglePrecision(TokenLayout layout) {
        Run single = run(Precision.FP32, layout);
        Run half = run(Precision.FP16, layout);
        assertThat(half.losses).isNotEqualTo(single.losses);
        for (int step = 0; step < STEPS; step++) {
            assertThat(half.losses.get(step))
                    .as("loss of step %d", step)
                    .isCloseTo(single.losses.get(step), within(0.02f * single.losses.get(step) + 2e-4f));
        }
        for (int step = 0; step < 5; step++) {
            assertThat(half.norms.get(step))
                    .as("gradient norm of step %d", step)
                    .isCloseTo(single.norms.get(step), within(0.01f * single.norms.get(step)));
        }
        assertThat(single.losses.get(STEPS - 1)).isLessThan(0.5f * single.losses.get(0));
    }

    @Test
    void theScaleOfTheLossChangesNothingInSight() {
        Run small = run(Precision.FP16, TokenLayout.PACKED, new LossScale.Settings(256, 1000));
        Run large = run(Precision.FP16, TokenLayout.PACKED, new LossScale.Settings(512, 25));
        for (int step = 0; step < 10; step++) {
            assertThat(large.norms.get(step)).isCloseTo(small.norms.get(step), within(0.01f * small.norms.get(step)));
        }
    }

    @Test
    void accumulatedBatchesMakeTheSameGradient() {
        try (TrainingSession session = start(Precision.FP16, TokenLayout.PADDED, LossScale.Settings.DEFAULT, 0)) {
            session.accumulate(TinyTraining.batch(1, 6, 10), StepPart.WHOLE, 1e-3);
            float whole = session.gradNorm();
            session.accumulate(TinyTraining.batch(1, 6, 10), StepPart.equal(0, 2), 1e-3);
            session.accumulate(TinyTraining.batch(1, 6, 10), StepPart.equal(1, 2), 1e-3);
            assertThat(session.gradNorm()).isCloseTo(whole, within(1e-3f * whole));
        }
    }

    @Test
    void gradientsThatOverflowLeaveTheWeightsAloneAndHalveTheScale() {
        LossScale.Settings huge = new LossScale.Settings(1 << 23, 2);
        try (TrainingSession session = start(Precision.FP16, TokenLayout.PACKED, huge, 0.1)) {
            session.step(TinyTraining.batch(1, 6, 10), 1e-2);
            assertThat(session.gradNorm()).isNotFinite();
            assertThat(session.skippedSteps()).isEqualTo(1);
            assertThat(session.lossScale()).isEqualTo(1 << 22);
            assertSame(session.weights(), TinyTraining.weights());
            while (session.skippedSteps() > 0 && !Float.isFinite(session.gradNorm())) {
                session.step(TinyTraining.batch(1, 6, 10), 1e-2);
            }
            float settled = session.lossScale();
            assertThat(settled).isLessThan(1 << 22);
            session.step(TinyTraining.batch(1, 6, 10), 1e-2);
            assertThat(session.lossScale()).as("after two good steps").isEqualTo(2 * settled);
            assertThat(session.weights().get("classifier.weight").data())
                    .isNotEqualTo(
                            TinyTraining.weights().get("classifier.weight").data());
        }
    }

    /** The scale of the loss and the stacked weights with their moments are part of what is kept. */
    @Test
    void aResumedSessionGoesOnToTheBit() {
        LossScale.Settings scale = new LossScale.Settings(1 << 23, 7);
        List<Float> whole = new ArrayList<>();
        SessionState state;
        try (TrainingSession session = start(Precision.FP16, TokenLayout.PACKED, scale, 0.1)) {
            goOn(session, 0, 40, whole);
            session.save(folder.resolve("saved"));
            state = session.state();
            assertThat(state.lossScale().skippedSteps()).isPositive();
            assertThat(state.lossScale().goodSteps()).isPositive();
            goOn(session, 40, STEPS, whole);
        }
        List<Float> resumed = new ArrayList<>();
        try (TrainingSession session = TrainingSession.resume(
                TinyTraining.network(0),
                TinyTraining.weights(),
                options(Precision.FP16, TokenLayout.PACKED, 0.1),
                VocabularySubset.whole(TinyTraining.network(0).architecture()),
                folder(Precision.FP16, TokenLayout.PACKED, scale),
                new SessionSettings(1, 7, Device.CPU, scale),
                folder.resolve("saved"),
                state)) {
            goOn(session, 40, STEPS, resumed);
        }
        assertThat(resumed).isEqualTo(whole.subList(3 * 40, 3 * STEPS));
    }

    @Test
    void theLoopTellsOfStepsThatOverflowed() {
        List<StepRecord> told = new ArrayList<>();
        TrainingLog log = notingIn(told);
        try (TrainingSession session =
                start(Precision.FP16, TokenLayout.PACKED, new LossScale.Settings(1 << 23, 1000), 0.1)) {
            LoopData data = LoopData.of(sets(64), arguments());
            Trainer trainer =
                    new Trainer(arguments(), RUN, session, data, weights -> {}, state -> {}, log, StopRequest.NONE);
            TrainingResult result = trainer.run(RunState.START);
            assertThat(result.loop().overflowed()).isPositive().isLessThan(16).isEqualTo(session.skippedSteps());
            assertThat(told)
                    .extracting(StepRecord::overflowed)
                    .startsWith(1)
                    .endsWith(result.loop().overflowed());
            assertThat(told.get(0).skipped()).as("its loss is a number").isFalse();
        }
    }

    /** Trains, and notes loss, gradient norm and scale of each step. */
    private static void goOn(TrainingSession session, int from, int to, List<Float> notes) {
        for (int step = from; step < to; step++) {
            notes.add(session.step(TinyTraining.batch(step % 4, 5 + step % 4, 10), 2e-3));
            notes.add(session.gradNorm());
            notes.add(session.lossScale());
        }
    }

    @Test
    void graphsForTheCpuAreInSinglePrecision() {
        Optimizer optimizer = new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.01, 1);
        assertThatThrownBy(() -> new ArtifactOptions(optimizer, Target.CPU, Precision.FP16, TokenLayout.PACKED, false))
                .hasMessage("Graphs for the CPU are in fp32, not fp16");
    }

    private record Run(List<Float> losses, List<Float> norms) {}

    private Run run(Precision precision, TokenLayout layout) {
        return run(precision, layout, new LossScale.Settings(1024, 1000));
    }

    private Run run(Precision precision, TokenLayout layout, LossScale.Settings scale) {
        try (TrainingSession session = start(precision, layout, scale, 0.01)) {
            Run run = new Run(new ArrayList<>(), new ArrayList<>());
            for (int step = 0; step < STEPS; step++) {
                run.losses.add(session.step(TinyTraining.batch(step % 4, 5 + step % 4, 10), 2e-3));
                run.norms.add(session.gradNorm());
            }
            assertThat(session.skippedSteps()).isZero();
            return run;
        }
    }

    private TrainingSession start(
            Precision precision, TokenLayout layout, LossScale.Settings scale, double weightDecay) {
        return TrainingSession.start(
                TinyTraining.network(0),
                TinyTraining.weights(),
                options(precision, layout, weightDecay),
                VocabularySubset.whole(TinyTraining.network(0).architecture()),
                folder(precision, layout, scale),
                new SessionSettings(1, 7, Device.CPU, scale));
    }

    private static ArtifactOptions options(Precision precision, TokenLayout layout, double weightDecay) {
        Optimizer optimizer = new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, weightDecay, 1);
        return new ArtifactOptions(optimizer, Target.CUDA, precision, layout, false);
    }

    private Path folder(Precision precision, TokenLayout layout, LossScale.Settings scale) {
        return folder.resolve(precision + "-" + scale.initial() + "-" + layout);
    }

    private static TrainingArguments arguments() {
        return new TrainingArguments(
                new ScheduleArguments(1, 1e-3, LearningRateSchedule.Kind.LINEAR, 0),
                new BatchArguments(4, 1, 20, false, false),
                new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.1, 1),
                new Objective(0, new Objective.Equal()),
                new EvaluationArguments(0, 0, Metric.MCC),
                7,
                1,
                Execution.ON_CPU);
    }

    /** Sentences of three tokens; the label is whether the second one is odd. */
    private static EncodedSets sets(int size) {
        List<Example> examples = new ArrayList<>();
        List<Encoding> encodings = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int[] ids = {2, 5 + i % 45, 5 + i * 7 % 45};
            encodings.add(new Encoding(ids, new int[3], 0));
            examples.add(new Example("sentence " + i, null, ids[1] % 2, ""));
        }
        Dataset dataset = new Dataset("made up", examples, Labels.numbered(2));
        return new EncodedSets(new EncodedDataset(dataset, encodings), null, null, 0);
    }

    private static TrainingLog notingIn(List<StepRecord> steps) {
        return new TrainingLog() {
            @Override
            public void begin(RunDescription run) {}

            @Override
            public void step(StepRecord step) {
                steps.add(step);
            }

            @Override
            public void evaluation(EvaluationRecord evaluation) {}

            @Override
            public void end(RunSummary summary) {}

            @Override
            public void close() {}
        };
    }

    private static void assertSame(Weights actual, Weights expected) {
        for (Tensor tensor : expected.all()) {
            FloatBuffer data = actual.get(tensor.name()).data();
            assertThat(data).as(tensor.name()).isEqualTo(tensor.data());
        }
    }
}
