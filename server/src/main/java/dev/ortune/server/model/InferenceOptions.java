package dev.ortune.server.model;

/**
 * How models are run.
 *
 * @param precision of the file to take, or {@code auto}
 * @param batches how texts are put together
 */
public record InferenceOptions(String precision, BatchOptions batches) {}
