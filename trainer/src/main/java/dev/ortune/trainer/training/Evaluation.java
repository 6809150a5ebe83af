package dev.ortune.trainer.training;

/**
 * What a forward pass gave for one batch.
 *
 * @param loss mean over the batch
 * @param logits {@code [size, labels]}, row-major
 */
public record Evaluation(float loss, float[] logits) {}
