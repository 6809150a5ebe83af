package dev.ortune.predictor.model;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.device.CudaDevice;
import dev.ortune.predictor.device.Device;
import java.util.function.IntUnaryOperator;

/**
 * How texts are put together.
 *
 * @param maxBatchTokens the most tokens in a batch, what it is filled up with included
 * @param maxConcurrentRequests the most texts that may wait
 * @param maxClientBatchSize the most texts in one request
 * @param workers batches that run at the same time; 0 for one a thread, or one on a GPU
 * @param threads that share the work of a batch beside which no other runs; others divide them; 0 for one a core
 */
public record BatchOptions(
        int maxBatchTokens, int maxConcurrentRequests, int maxClientBatchSize, int workers, int threads) {
    /** Tokens in a batch where nobody says otherwise. */
    public static final int MAX_BATCH_TOKENS = 16384;

    /** Texts that may wait where nobody says otherwise. */
    public static final int MAX_CONCURRENT_REQUESTS = 512;

    /** Texts in one request where nobody says otherwise. */
    public static final int MAX_CLIENT_BATCH_SIZE = 32;

    public BatchOptions {
        require("--max-batch-tokens", maxBatchTokens);
        require("--max-concurrent-requests", maxConcurrentRequests);
        require("--max-client-batch-size", maxClientBatchSize);
        require("--threads", threads == 0 ? 1 : threads);
        require("--workers", workers == 0 ? 1 : workers);
    }

    /** What is used where nobody says otherwise. */
    public static BatchOptions usual() {
        return new BatchOptions(MAX_BATCH_TOKENS, MAX_CONCURRENT_REQUESTS, MAX_CLIENT_BATCH_SIZE, 0, 0);
    }

    /** With numbers in the places of those that are 0: a thread a core, and a batch a thread, or one on a GPU. */
    BatchOptions on(Device device) {
        int used = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        int batches = device instanceof CudaDevice ? 1 : used;
        return new BatchOptions(
                maxBatchTokens, maxConcurrentRequests, maxClientBatchSize, workers == 0 ? batches : workers, used);
    }

    /** The same with another number of batches at the same time. */
    public BatchOptions withWorkers(int count) {
        return new BatchOptions(maxBatchTokens, maxConcurrentRequests, maxClientBatchSize, count, threads);
    }

    /** The same with another number of threads. */
    public BatchOptions withThreads(int count) {
        return new BatchOptions(maxBatchTokens, maxConcurrentRequests, maxClientBatchSize, workers, count);
    }

    /** The same with another number of tokens in a batch. */
    public BatchOptions withMaxBatchTokens(int count) {
        return bounded(tokens -> count);
    }

    /** The same with another bound of a batch's tokens. */
    BatchOptions bounded(IntUnaryOperator bound) {
        return new BatchOptions(
                bound.applyAsInt(maxBatchTokens), maxConcurrentRequests, maxClientBatchSize, workers, threads);
    }

    private static void require(String option, int value) {
        if (value < 1) {
            throw new OrtuneException(option + " must be at least 1, not " + value);
        }
    }
}
