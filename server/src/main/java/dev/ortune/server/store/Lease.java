package dev.ortune.server.store;

import dev.ortune.predictor.model.ServedModel;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to use a model until closed: one that has been replaced meanwhile lives on until its last lease ends. */
public final class Lease implements AutoCloseable {
    private final SharedModel shared;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(SharedModel shared) {
        this.shared = shared;
    }

    public ServedModel model() {
        return shared.model();
    }

    /** A lease more of the same model, for work that goes on after this one's end. */
    public Lease share() {
        return shared.lease().orElseThrow(() -> new IllegalStateException("shared after its end"));
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            shared.release();
        }
    }
}
