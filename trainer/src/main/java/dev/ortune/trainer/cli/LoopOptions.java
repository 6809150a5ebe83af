package dev.ortune.trainer.cli;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.text.TruncationStrategy;
import dev.ortune.trainer.training.BatchArguments;
import dev.ortune.trainer.training.EvaluationArguments;
import dev.ortune.trainer.training.Execution;
import dev.ortune.trainer.training.LearningRateSchedule;
import dev.ortune.trainer.training.Objective;
import dev.ortune.trainer.training.ScheduleArguments;
import dev.ortune.trainer.training.TrainingArguments;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The hyper-parameters that have the same defaults whatever is trained. Every default of them is here or in the mixin. */
final class LoopOptions {
    @Option(names = "--batch-size", paramLabel = "N", description = "Sentences a batch (default: ${DEFAULT-VALUE}).")
    private int batchSize = 32;

    @Option(
            names = "--gradient-accumulation-steps",
            paramLabel = "N",
            description = "Batches an optimizer step (default: ${DEFAULT-VALUE}).")
    private int gradientAccumulationSteps = 1;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "linear, cosine or constant, after the warm-up (default: ${DEFAULT-VALUE}).")
    private LearningRateSchedule.Kind schedule = LearningRateSchedule.Kind.LINEAR;

    @Option(
            names = "--warmup-ratio",
            paramLabel = "X",
            description = "Share of the steps that warm up (default: ${DEFAULT-VALUE}).")
    private double warmupRatio = 0.1;

    @Mixin
    private OptimizerOptions optimizer;

    @Option(
            names = "--eval-steps",
            paramLabel = "N",
            description = "Evaluate every N steps (default: after each epoch).")
    private int evalSteps;

    @Option(
            names = "--early-stopping",
            paramLabel = "N",
            description = "Stop after N evaluations in a row without improvement (default: never).")
    private int earlyStopping;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of dropout, order, masks and new weights (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(names = "--threads", paramLabel = "N", description = "CPU threads (default: one a core).")
    private int threads;

    /**
     * How long a run is and how fast it learns.
     *
     * @param maxSteps optimizer steps whatever the epochs; 0 to let these decide
     */
    record Length(int epochs, int maxSteps, double learningRate) {}

    /** How texts become sequences, and these batches. */
    record Shape(int maxLength, boolean padToMax, boolean groupByLength, TruncationStrategy truncation) {}

    TrainingArguments arguments(Length length, Shape shape, Objective objective, Metric metric, Execution execution) {
        return new TrainingArguments(
                new ScheduleArguments(length.epochs(), length.maxSteps(), length.learningRate(), schedule, warmupRatio),
                new BatchArguments(
                        batchSize,
                        gradientAccumulationSteps,
                        shape.maxLength(),
                        shape.padToMax(),
                        shape.groupByLength(),
                        shape.truncation()),
                optimizer.optimizer(),
                objective,
                new EvaluationArguments(evalSteps, earlyStopping, metric),
                seed,
                threads,
                execution);
    }
}
