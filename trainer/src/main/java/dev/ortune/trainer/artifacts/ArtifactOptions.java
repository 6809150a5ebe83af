package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.encoder.CrossEntropy;
import dev.ortune.trainer.gradient.ScatterAdd;

/**
 * What the artifacts fix beside the architecture.
 *
 * @param loss the loss
 * @param optimizer the update of the weights
 * @param scatterAdd how the gradients of embeddings are added up: by the device that will train
 */
public record ArtifactOptions(CrossEntropy loss, Optimizer optimizer, ScatterAdd scatterAdd) {}
