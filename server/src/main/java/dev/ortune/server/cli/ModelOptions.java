package dev.ortune.server.cli;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.device.DeviceChoice;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How models are run. Every default of it is here. */
final class ModelOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "${env:DEVICE:-auto}",
            description = "auto, cpu, cuda or cuda:N; auto takes a GPU where one can be used"
                    + " (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(
            names = "--gpu-memory-limit",
            paramLabel = "GIB",
            defaultValue = "${env:GPU_MEMORY_LIMIT:-0}",
            description = "The most memory that each model takes of the GPU (default: all).")
    private double memoryLimit;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            defaultValue = "${env:PRECISION:-auto}",
            description =
                    "fp32, fp16, int8, int4 or auto, the fastest there of those exported (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(
            names = "--max-batch-tokens",
            paramLabel = "N",
            defaultValue = "${env:MAX_BATCH_TOKENS:-" + BatchOptions.MAX_BATCH_TOKENS + "}",
            description = "Tokens in a batch at most (default: ${DEFAULT-VALUE}).")
    private int maxBatchTokens;

    @Option(
            names = "--max-concurrent-requests",
            paramLabel = "N",
            defaultValue = "${env:MAX_CONCURRENT_REQUESTS:-" + BatchOptions.MAX_CONCURRENT_REQUESTS + "}",
            description = "Texts that may wait; more are turned away with 429 (default: ${DEFAULT-VALUE}).")
    private int maxConcurrentRequests;

    @Option(
            names = "--max-client-batch-size",
            paramLabel = "N",
            defaultValue = "${env:MAX_CLIENT_BATCH_SIZE:-" + BatchOptions.MAX_CLIENT_BATCH_SIZE + "}",
            description = "Texts in one request at most (default: ${DEFAULT-VALUE}).")
    private int maxClientBatchSize;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "${env:WORKERS:-0}",
            description = "Batches that run at the same time (default: one a thread on a CPU, 1 on a GPU);"
                    + " with 1 a CPU holds the model in memory once and not twice.")
    private int workers;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "${env:THREADS:-0}",
            description = "CPU threads; a batch that runs alone has all, others divide them (default: one a core).")
    private int threads;

    /** The precisions and {@code auto}. */
    enum Precision {
        AUTO,
        FP32,
        FP16,
        INT8,
        INT4;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * Looks at the machine and decides where to run.
     *
     * @throws OrtuneException when a GPU is asked for that cannot be used
     */
    InferenceOptions inference(CommandSpec spec) {
        BatchOptions batches = Usage.check(spec, this::batches);
        DeviceChoice choice = Usage.check(spec, this::choice);
        Device device = choice.device(Math.round(memoryLimit * (1L << 30)));
        return new InferenceOptions(precision.toString(), device, batches);
    }

    private DeviceChoice choice() {
        if (!(memoryLimit >= 0 && memoryLimit < 1e6)) {
            throw new OrtuneException("--gpu-memory-limit must be a number of GiB, not " + memoryLimit);
        }
        return DeviceChoice.parse(device);
    }

    private BatchOptions batches() {
        return new BatchOptions(maxBatchTokens, maxConcurrentRequests, maxClientBatchSize, workers, threads);
    }
}
