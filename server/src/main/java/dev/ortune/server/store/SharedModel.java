package dev.ortune.server.store;

import dev.ortune.predictor.model.ServedModel;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A loaded model that is held by the store and by requests; closed when the last of them has let it go. */
final class SharedModel {
    private final ServedModel model;
    private final Fingerprint files;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private int holders = 1;

    /**
     * Held once, by whoever loaded it.
     *
     * @param files from which it was loaded
     */
    SharedModel(ServedModel model, Fingerprint files) {
        this.model = model;
        this.files = files;
    }

    ServedModel model() {
        return model;
    }

    Fingerprint files() {
        return files;
    }

    /** Done when nobody holds it any more and its memory is freed. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    /** Holds it once more; empty when it has been let go by all. */
    synchronized Optional<Lease> lease() {
        if (holders == 0) {
            return Optional.empty();
        }
        holders++;
        return Optional.of(new Lease(this));
    }

    /** Lets it go once. */
    void release() {
        boolean last;
        synchronized (this) {
            last = --holders == 0;
        }
        if (last) {
            // The last holder may be the model's own thread, which cannot wait for its own end.
            Thread thread = new Thread(this::close, "close-" + model.name());
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void close() {
        try {
            model.close();
            closed.complete(null);
        } catch (RuntimeException | Error e) {
            closed.completeExceptionally(e);
        }
    }
}
