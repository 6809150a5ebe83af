package dev.ortune.server.model;

import dev.ortune.server.OrtuneException;
import java.util.function.IntUnaryOperator;

/**
 * How texts are put together.
 *
 * @param maxBatchTokens the most tokens in a batch, what it is filled up with included
 * @param maxConcurrentRequests the most texts that may wait
 * @param maxClientBatchSize the most texts in one request
 * @param workers batches that run at the same time
 * @param threads that share the work of a batch beside which no other runs; others divide them
 */
public record BatchOptions(
        int maxBatchTokens, int maxConcurrentRequests, int maxClientBatchSize, int workers, int threads) {
    public BatchOptions {
        require("--max-batch-tokens", maxBatchTokens);
        require("--max-concurrent-requests", maxConcurrentRequests);
        require("--max-client-batch-size", maxClientBatchSize);
        require("--threads", threads);
        require("--workers", workers);
    }

    /** The same with another number of batches at the same time. */
    public BatchOptions withWorkers(int count) {
        return new BatchOptions(maxBatchTokens, maxConcurrentRequests, maxClientBatchSize, count, threads);
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
