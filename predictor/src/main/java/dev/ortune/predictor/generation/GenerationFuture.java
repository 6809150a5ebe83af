package dev.ortune.predictor.generation;

import dev.ortune.predictor.GeneratedText;
import dev.ortune.predictor.GeneratedToken;
import java.util.concurrent.CompletableFuture;

/** A text that will be there whole; cancelled, it is not gone on with any further. */
public final class GenerationFuture extends CompletableFuture<GeneratedText> {
    private volatile Runnable stop = () -> {};

    /** What completes it. */
    public GenerationListener listener() {
        return new GenerationListener() {
            @Override
            public void added(GeneratedToken token, GeneratedText whole) {
                if (whole != null) {
                    complete(whole);
                }
            }

            @Override
            public void failed(RuntimeException failure) {
                completeExceptionally(failure);
            }
        };
    }

    /** What stops the text. */
    public void cancelWith(Runnable stopping) {
        stop = stopping;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        stop.run();
        return super.cancel(mayInterruptIfRunning);
    }
}
