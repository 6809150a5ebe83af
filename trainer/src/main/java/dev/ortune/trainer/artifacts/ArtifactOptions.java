package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.encoder.CrossEntropy;

/**
 * What the artifacts fix beside the architecture.
 *
 * @param loss the loss
 * @param optimizer the update of the weights
 * @param target the device that will train
 */
public record ArtifactOptions(CrossEntropy loss, Optimizer optimizer, Target target) {}
