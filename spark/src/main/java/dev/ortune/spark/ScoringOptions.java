package dev.ortune.spark;

import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.Predictor;
import dev.ortune.predictor.PredictorBuilder;
import java.io.Serializable;
import java.nio.file.Path;

/**
 * How an executor runs a model.
 *
 * @param precision of the file
 * @param device such as {@code cpu}
 * @param adapter or null
 * @param cores that it has
 * @param maxBatchTokens tokens of a batch at most
 * @param maxLength tokens of a text at most; 0 for as many as the model takes
 * @param truncate whether longer ones are cut
 * @param maxNewTokens of a model that writes texts
 */
record ScoringOptions(
        String precision,
        String device,
        String adapter,
        Cores cores,
        int maxBatchTokens,
        int maxLength,
        boolean truncate,
        int maxNewTokens)
        implements Serializable {
    /**
     * What an executor may use.
     *
     * @param ofExecutor 0 for all of its machine's
     * @param ofTask of each of its tasks
     */
    record Cores(int ofExecutor, int ofTask) implements Serializable {
        int all() {
            return ofExecutor == 0 ? Runtime.getRuntime().availableProcessors() : ofExecutor;
        }
    }

    /** Loads a model. */
    Predictor open(Path folder) {
        PredictorBuilder builder = Predictor.builder(folder)
                .adapter(adapter)
                .precision(precision)
                .device(device)
                .maxBatchTokens(maxBatchTokens)
                .truncate(truncate)
                .generation(GenerationParameters.greedy(maxNewTokens));
        if (device.equals("cpu")) {
            // As many batches as tasks, each with a task's cores. Where that is one, one session does for all.
            builder.threads(cores.ofTask() == 1 ? 1 : cores.all()).workers(Math.max(1, cores.all() / cores.ofTask()));
        }
        return (maxLength == 0 ? builder : builder.maxLength(maxLength)).open();
    }

    /** On a GPU of the task's own, where it has one. */
    ScoringOptions on(String gpu) {
        return new ScoringOptions(
                precision, "cuda:" + gpu, adapter, cores, maxBatchTokens, maxLength, truncate, maxNewTokens);
    }
}
