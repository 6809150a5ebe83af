package dev.ortune.trainer.cli;

import dev.ortune.trainer.training.Objective;
import picocli.CommandLine.Option;

/** What training minimises. */
final class ObjectiveOptions {
    @Option(
            names = "--label-smoothing",
            paramLabel = "X",
            description = "Share of each label spread over all of them (default: ${DEFAULT-VALUE}).")
    private double labelSmoothing = 0;

    @Option(
            names = "--class-weights",
            paramLabel = "WEIGHTS",
            description = "balanced, or one weight a label such as 1,2.5 (default: all the same).")
    private String classWeights;

    Objective objective() {
        return new Objective(labelSmoothing, Objective.ClassWeights.parse(classWeights));
    }
}
