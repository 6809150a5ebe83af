package dev.ortune.server.cli;

import dev.ortune.server.model.BatchOptions;
import dev.ortune.server.model.InferenceOptions;
import picocli.CommandLine.Option;

/** How models are run. Every default of it is here. */
final class ModelOptions {
    @Option(
            names = "--precision",
            paramLabel = "NAME",
            defaultValue = "${env:PRECISION:-auto}",
            description = "fp32, fp16, int8, int4 or auto, the fastest of those exported (default: ${DEFAULT-VALUE}).")
    private Precision precision;

    @Option(
            names = "--max-batch-tokens",
            paramLabel = "N",
            defaultValue = "${env:MAX_BATCH_TOKENS:-16384}",
            description = "Tokens in a batch at most (default: ${DEFAULT-VALUE}).")
    private int maxBatchTokens;

    @Option(
            names = "--max-concurrent-requests",
            paramLabel = "N",
            defaultValue = "${env:MAX_CONCURRENT_REQUESTS:-512}",
            description = "Texts that may wait; more are turned away with 429 (default: ${DEFAULT-VALUE}).")
    private int maxConcurrentRequests;

    @Option(
            names = "--max-client-batch-size",
            paramLabel = "N",
            defaultValue = "${env:MAX_CLIENT_BATCH_SIZE:-32}",
            description = "Texts in one request at most (default: ${DEFAULT-VALUE}).")
    private int maxClientBatchSize;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "${env:WORKERS:-1}",
            description = "Batches that run at the same time (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "${env:THREADS:-0}",
            description = "CPU threads for one batch (default: one a core).")
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

    InferenceOptions inference() {
        return new InferenceOptions(precision.toString(), batches());
    }

    private BatchOptions batches() {
        int used = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        return new BatchOptions(maxBatchTokens, maxConcurrentRequests, maxClientBatchSize, workers, used);
    }
}
