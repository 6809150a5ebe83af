package dev.ortune.server.store;

import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.predictor.model.VersionFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads models anew whose files have changed, puts new versions in and takes removed ones out. It looks at the files again and
 * again, which works on every file system, mounted ones included; a change is taken up when two looks see the same, so that
 * whoever is still writing is not disturbed. A new model answers only once it is loaded, checked and warm; one that is broken
 * is refused, and what was there goes on.
 */
public final class ModelWatcher implements AutoCloseable {
    /** Between two looks. */
    public static final Duration INTERVAL = Duration.ofMillis(500);

    /** Hears what became of changes. */
    public interface Listener {
        /** A version answers that is new, or has replaced the one of its number. */
        void loaded(ModelFolder model);

        /** A version was taken out; its folder is gone. */
        void removed(String name, int version);

        /** A change was not taken over. */
        void refused(String name, int version, String reason);
    }

    private final ModelStore store;
    private final Listener listener;
    private final Map<VersionFolder, Fingerprint> handled = new HashMap<>();
    private final Map<VersionFolder, Fingerprint> seen = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    private ModelWatcher(ModelStore store, Duration interval, Listener listener) {
        this.store = store;
        this.listener = listener;
        this.thread = new Thread(() -> watch(interval), "model-watcher");
    }

    /** Watches the models of a store. */
    public static ModelWatcher start(ModelStore store, Duration interval, Listener listener) {
        ModelWatcher watcher = new ModelWatcher(store, interval, listener);
        watcher.thread.setDaemon(true);
        watcher.thread.start();
        return watcher;
    }

    private void watch(Duration interval) {
        try {
            while (!closed) {
                Thread.sleep(interval.toMillis());
                store.folders().forEach(this::look);
            }
        } catch (InterruptedException toldToStop) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(String name, Path folder) {
        try {
            List<VersionFolder> versions = VersionFolder.in(folder);
            versions.forEach(this::look);
            removeAllBut(name, versions);
        } catch (RuntimeException e) {
            // A folder that cannot be read now may be readable at the next look.
        }
    }

    private void look(VersionFolder version) {
        Fingerprint now = Fingerprint.of(version.folder());
        boolean settled = now.equals(seen.put(version, now));
        Fingerprint known = handled.computeIfAbsent(version, any -> store.fingerprint(version.name(), version.number())
                .orElse(null));
        if (settled && !now.equals(known) && !closed) {
            load(version, now);
        }
    }

    private void load(VersionFolder version, Fingerprint now) {
        try {
            ModelFolder model = store.replace(version);
            handled.put(
                    version, store.fingerprint(version.name(), version.number()).orElse(now));
            listener.loaded(model);
        } catch (RuntimeException | Error e) {
            // What has changed again meanwhile was half-written; the next looks tell.
            if (Fingerprint.of(version.folder()).equals(now)) {
                handled.put(version, now);
                listener.refused(version.name(), version.number(), String.valueOf(e.getMessage()));
            }
        }
    }

    /** The last one stays, whatever becomes of its folder: somebody has to answer. */
    private void removeAllBut(String name, List<VersionFolder> versions) {
        List<Integer> there = versions.stream().map(VersionFolder::number).toList();
        List<Integer> loaded = store.versions(name);
        if (loaded.stream().anyMatch(there::contains)) {
            loaded.stream()
                    .filter(number -> !there.contains(number))
                    .filter(number -> !seen.keySet().removeIf(version -> is(version, name, number)))
                    .forEach(number -> remove(name, number));
        }
    }

    private void remove(String name, int number) {
        store.remove(name, number);
        handled.keySet().removeIf(version -> is(version, name, number));
        listener.removed(name, number);
    }

    private static boolean is(VersionFolder version, String name, int number) {
        return version.name().equals(name) && version.number() == number;
    }

    /** Stops watching; what is being loaded is waited for. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
