package dev.ortune.trainer.cli;

import dev.ortune.trainer.artifacts.Optimizer;
import picocli.CommandLine.Option;

/** The update of the weights. Every default of it is here. */
final class OptimizerOptions {
    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description = "adamw, or bert-adam without bias correction (default: ${DEFAULT-VALUE}).")
    private Optimizer.Kind kind = Optimizer.Kind.ADAMW;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "Decay of all weights but biases and LayerNorms (default: ${DEFAULT-VALUE}).")
    private double weightDecay = 0.1;

    @Option(
            names = "--max-grad-norm",
            paramLabel = "X",
            description = "Clip gradients to this global norm; 0 for never (default: ${DEFAULT-VALUE}).")
    private double maxGradNorm = 1.0;

    @Option(names = "--adam-beta1", paramLabel = "X", description = "Adam's beta 1 (default: ${DEFAULT-VALUE}).")
    private double beta1 = 0.9;

    @Option(names = "--adam-beta2", paramLabel = "X", description = "Adam's beta 2 (default: ${DEFAULT-VALUE}).")
    private double beta2 = 0.999;

    @Option(names = "--adam-epsilon", paramLabel = "X", description = "Adam's epsilon (default: ${DEFAULT-VALUE}).")
    private double epsilon = 1e-8;

    Optimizer optimizer() {
        return new Optimizer(kind, beta1, beta2, epsilon, weightDecay, maxGradNorm);
    }
}
