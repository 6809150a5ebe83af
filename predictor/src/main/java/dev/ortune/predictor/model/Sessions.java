package dev.ortune.predictor.model;

import dev.ortune.predictor.device.CudaDevice;
import dev.ortune.predictor.device.Device;
import java.util.concurrent.CompletableFuture;

/**
 * A file in ONNX Runtime, whose threads belong to a session: one session of all threads for a batch that runs alone, and one
 * of fewer for batches that run beside each other. On a GPU, and where both would have as many threads, they are the same.
 */
record Sessions(Session alone, Session beside) implements AutoCloseable {
    /** Loads a model's file. */
    static Sessions open(ModelFolder model, Device device, BatchOptions options) {
        int threads = Math.max(1, options.threads() / options.workers());
        if (device instanceof CudaDevice || threads == options.threads()) {
            Session alone = Session.open(model, device, options.threads());
            return new Sessions(alone, alone);
        }
        CompletableFuture<Session> beside = Loading.begin(() -> Session.open(model, device, threads));
        try {
            Session alone = Session.open(model, device, options.threads());
            try {
                return new Sessions(alone, Loading.end(beside));
            } catch (RuntimeException | Error e) {
                alone.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            Loading.abandon(beside);
            throw e;
        }
    }

    @Override
    public void close() {
        alone.close();
        if (beside != alone) {
            beside.close();
        }
    }
}
