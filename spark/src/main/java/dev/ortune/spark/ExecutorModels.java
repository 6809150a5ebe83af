package dev.ortune.spark;

import dev.ortune.predictor.Predictor;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The models of this Java process, which all its tasks share: one is loaded for the first task that asks for it and stays for the
 * next, until another is loaded while nobody uses it.
 */
final class ExecutorModels {
    private static final Map<Key, Shared> MODELS = new HashMap<>();

    private ExecutorModels() {}

    /** What makes a model another. */
    private record Key(String digest, ScoringOptions options) {}

    private static final class Shared {
        private final Predictor predictor;
        private int users;

        private Shared(Predictor predictor) {
            this.predictor = predictor;
        }
    }

    /** A model in use; to be closed when it is no longer. */
    record Lease(Predictor predictor, Runnable release) implements AutoCloseable {
        @Override
        public void close() {
            release.run();
        }
    }

    /**
     * Takes one, loading it if need be; another task that wants it waits for that.
     *
     * @throws dev.ortune.predictor.OrtuneException when its files are not those of the driver, or broken
     */
    static synchronized Lease lease(ModelFiles.Place place, ScoringOptions options) {
        Key key = new Key(place.digest(), options);
        Shared shared = MODELS.get(key);
        if (shared == null) {
            closeIdle();
            shared = new Shared(place.open(options::open));
            MODELS.put(key, shared);
        }
        Shared taken = shared;
        taken.users++;
        return new Lease(taken.predictor, () -> release(taken));
    }

    private static synchronized void release(Shared shared) {
        shared.users--;
    }

    /** Closes those that nobody uses. */
    static synchronized void closeIdle() {
        for (Iterator<Shared> each = MODELS.values().iterator(); each.hasNext(); ) {
            Shared shared = each.next();
            if (shared.users == 0) {
                each.remove();
                shared.predictor.close();
            }
        }
    }
}
