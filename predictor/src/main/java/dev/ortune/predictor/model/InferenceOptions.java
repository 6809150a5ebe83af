package dev.ortune.predictor.model;

import dev.ortune.predictor.device.Device;

/**
 * How models are run.
 *
 * @param precision of the file to take, or {@code auto}
 * @param device where they run
 * @param batches how texts are put together
 * @param maxLength the most tokens of a text, special ones included; 0, or more than a model takes, for as many as it takes
 */
public record InferenceOptions(String precision, Device device, BatchOptions batches, int maxLength) {
    public InferenceOptions {
        batches = batches.on(device);
    }

    /** With texts as long as a model takes. */
    public InferenceOptions(String precision, Device device, BatchOptions batches) {
        this(precision, device, batches, 0);
    }

    /** On the CPU. */
    public InferenceOptions(String precision, BatchOptions batches) {
        this(precision, new Device.Cpu("as asked for"), batches);
    }
}
