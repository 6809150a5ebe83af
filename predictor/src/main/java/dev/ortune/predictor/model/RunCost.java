package dev.ortune.predictor.model;

import ai.onnxruntime.OrtException;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.batch.BatchPlan;
import dev.ortune.predictor.device.CudaDevice;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.text.EncodedText;
import java.util.Collections;
import java.util.function.IntFunction;

/**
 * What starting a run costs, in tokens that could have been computed meanwhile. Of CPUs it is known well enough; GPUs are
 * so different, in kernels to launch and in arithmetic, that it is measured there.
 */
final class RunCost {
    private static final int LENGTH = 16;
    private static final int RUNS = 5;

    private RunCost() {}

    /**
     * Of a session whose shapes have been run before.
     *
     * @param maxLength the most tokens that the model takes
     * @param specimens a text of each length
     */
    static int on(
            Device device, Session session, int maxLength, BatchOptions options, IntFunction<EncodedText> specimens) {
        int length = Math.min(LENGTH, maxLength);
        int texts = Math.min(options.maxBatchTokens() / length, options.maxConcurrentRequests());
        if (!(device instanceof CudaDevice) || texts < 2) {
            return BatchPlan.CPU_START;
        }
        try {
            long one = nanos(session, 1, specimens.apply(length));
            long several = nanos(session, texts, specimens.apply(length));
            return tokens(one, several, texts, length, options.maxBatchTokens());
        } catch (OrtException e) {
            throw new OrtuneException(session.file() + ": does not run: " + e.getMessage(), e);
        }
    }

    /**
     * Where the line through the times of one text and of several begins.
     *
     * @param one nanoseconds of a run of one
     * @param several nanoseconds of a run of {@code texts}
     * @param length of each text in tokens
     * @param most the answer where several take no longer than one
     */
    static int tokens(long one, long several, int texts, int length, int most) {
        if (several <= one) {
            return most;
        }
        double nanosPerToken = (several - one) / ((texts - 1.0) * length);
        return (int) Math.max(0, Math.min(most, one / nanosPerToken - length));
    }

    /** The least of some runs: in the others' way was something else. */
    static long nanos(Session session, int texts, EncodedText text) throws OrtException {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
            long start = System.nanoTime();
            session.run(Collections.nCopies(texts, text));
            least = Math.min(least, System.nanoTime() - start);
        }
        return least;
    }
}
