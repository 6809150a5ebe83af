package dev.ortune.predictor.model;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Parts of a model that are loaded side by side, each on a thread of its own, so that it is ready sooner. */
final class Loading {
    private Loading() {}

    /** Begins to load one. */
    static <T> CompletableFuture<T> begin(Supplier<T> part) {
        return CompletableFuture.supplyAsync(part, Loading::start);
    }

    /** Begins what leaves nothing. */
    static CompletableFuture<Void> begin(Runnable work) {
        return CompletableFuture.runAsync(work, Loading::start);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "loading");
        thread.setDaemon(true);
        thread.start();
    }

    /** One that is loaded, or what came in the way, as it was thrown. */
    static <T> T end(CompletableFuture<T> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Closes one as soon as it is loaded, if it is. */
    static void abandon(CompletableFuture<? extends AutoCloseable> part) {
        part.exceptionally(notLoaded -> null).thenAccept(Loading::close).join();
    }

    private static void close(AutoCloseable loaded) {
        try {
            if (loaded != null) {
                loaded.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("closing throws nothing that is checked", e);
        }
    }
}
