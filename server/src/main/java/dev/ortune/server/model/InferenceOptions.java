package dev.ortune.server.model;

import dev.ortune.server.device.Device;

/**
 * How models are run.
 *
 * @param precision of the file to take, or {@code auto}
 * @param device where they run
 * @param batches how texts are put together
 */
public record InferenceOptions(String precision, Device device, BatchOptions batches) {
    /** On the CPU. */
    public InferenceOptions(String precision, BatchOptions batches) {
        this(precision, new Device.Cpu("as asked for"), batches);
    }
}
