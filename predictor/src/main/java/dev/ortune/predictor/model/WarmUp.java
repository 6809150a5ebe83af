package dev.ortune.predictor.model;

import ai.onnxruntime.OrtException;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.device.CudaDevice;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.text.EncodedText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Batches to run before the first request. On a GPU each shape costs its first run a search for kernels and more memory, so
 * one text and the largest batch of each power of two of tokens are run, longest first: what does not fit into its memory
 * fails now and not under load. A CPU has nothing of the kind.
 *
 * @param shapes texts and tokens of each
 */
record WarmUp(List<Shape> shapes) {
    private static final int SHORTEST = 8;

    /** One batch's. */
    record Shape(int texts, int tokens) {}

    /**
     * What suits a device.
     *
     * @param maxLength the most tokens that the model takes
     */
    static WarmUp on(Device device, int maxLength, BatchOptions options) {
        if (!(device instanceof CudaDevice)) {
            return new WarmUp(List.of());
        }
        List<Shape> shapes = new ArrayList<>();
        for (int tokens = maxLength; tokens >= SHORTEST; tokens = Integer.highestOneBit(tokens - 1)) {
            int most = Math.min(options.maxBatchTokens() / tokens, options.maxConcurrentRequests());
            shapes.add(new Shape(Math.max(1, most), tokens));
            shapes.add(new Shape(1, tokens));
        }
        return new WarmUp(shapes);
    }

    /**
     * Runs them.
     *
     * @param texts one of each length
     */
    void run(Session session, IntFunction<EncodedText> texts) {
        for (Shape shape : shapes) {
            try {
                session.run(Collections.nCopies(shape.texts, texts.apply(shape.tokens)));
            } catch (OrtException e) {
                throw new OrtuneException(
                        session.file() + ": a batch of " + shape.texts + " x " + shape.tokens
                                + " tokens, which --max-batch-tokens allows, does not run: " + e.getMessage(),
                        e);
            }
        }
    }
}
