package dev.ortune.trainer.data;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The elements of another iterator, each of which is computed on another thread while the one before it is used: one is
 * ready beforehand, no more. What the other iterator throws is thrown where its element would have come.
 */
public final class Ahead<T> implements Iterator<T> {
    private final Iterator<? extends T> source;
    private CompletableFuture<Optional<T>> next;

    /** {@code source} is used by this alone, one call at a time, and gives no null. */
    public Ahead(Iterator<? extends T> source) {
        this.source = source;
        this.next = fetch();
    }

    private CompletableFuture<Optional<T>> fetch() {
        return CompletableFuture.supplyAsync(() -> source.hasNext() ? Optional.of(source.next()) : Optional.empty());
    }

    @Override
    public boolean hasNext() {
        return fetched().isPresent();
    }

    @Override
    public T next() {
        T element = fetched().orElseThrow(NoSuchElementException::new);
        next = fetch();
        return element;
    }

    private Optional<T> fetched() {
        return joined(next);
    }

    /** What another thread computes, waited for; what it throws is thrown as it is. */
    public static <T> T joined(CompletableFuture<T> computed) {
        try {
            return computed.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw e;
        }
    }
}
