package dev.ortune.predictor.model;

import dev.ortune.predictor.device.CudaDevice;
import dev.ortune.predictor.device.Device;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A file in ONNX Runtime, whose threads belong to a session: one session of all threads for a batch that runs alone, and one
 * of fewer for batches that run beside each other. On a GPU, and where both would have as many threads, they are the same.
 * The second is loaded when batches run beside each other for the first time, and the first does for both until it is there:
 * so a server is ready sooner, and a model that one client asks is in memory once.
 */
final class Sessions implements AutoCloseable {
    private final ModelFolder model;
    private final Device device;
    private final int threads;
    private final Session alone;
    /** Of the files that the first was loaded from. */
    private final List<Object> state;

    /** The first where the second cannot be loaded, for want of memory perhaps; null where nothing has wanted it. */
    private CompletableFuture<Session> second;

    private boolean left;

    private Sessions(ModelFolder model, Device device, int threads, Session alone, List<Object> state) {
        this.model = model;
        this.device = device;
        this.threads = threads;
        this.alone = alone;
        this.state = state;
    }

    /** Loads a model's file. */
    static Sessions open(ModelFolder model, Device device, BatchOptions options) {
        List<Object> state = model.chosen().state();
        Session alone = Session.open(model, device, options.threads());
        int threads = Math.max(1, options.threads() / options.workers());
        Sessions sessions = new Sessions(model, device, threads, alone, state);
        if (device instanceof CudaDevice || threads == options.threads()) {
            sessions.second = CompletableFuture.completedFuture(alone);
        }
        return sessions;
    }

    /** For a batch beside which nothing else is to be done. */
    Session alone() {
        return alone;
    }

    /** For one of several at a time. */
    synchronized Session beside() {
        if (second == null) {
            boolean asTheFirst = left;
            second = Loading.begin(() -> load(asTheFirst)).exceptionally(notLoaded -> alone);
        }
        return second.getNow(alone);
    }

    private Session load(boolean fillsLeft) {
        Session loaded = Session.open(model, device, threads);
        if (!state.equals(model.chosen().state())) {
            loaded.close();
            return alone;
        }
        if (fillsLeft) {
            loaded.fillLeft();
        }
        return loaded;
    }

    /** Fills up the shorter rows of batches on the left, before the first batch is run. */
    synchronized void fillLeft() {
        left = true;
        alone.fillLeft();
    }

    @Override
    public synchronized void close() {
        Session loaded = second == null ? alone : second.join();
        if (loaded != alone) {
            loaded.close();
        }
        alone.close();
    }
}
