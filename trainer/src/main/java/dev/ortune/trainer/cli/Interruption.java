package dev.ortune.trainer.cli;

import dev.ortune.trainer.training.StopRequest;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as a request to stop: holds the virtual machine's end back until the run has tidied up after itself. The
 * machine then exits with the signal's own code, 130 for Ctrl-C.
 */
final class Interruption implements StopRequest, AutoCloseable {
    /** Longer than any step; a run that does not come to its end by then is cut off. */
    private static final long SECONDS = 120;

    private final CountDownLatch tidy = new CountDownLatch(1);
    private final Thread hook = new Thread(this::await, "interruption");
    private volatile boolean requested;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public boolean requested() {
        return requested;
    }

    /** The run is over and everything about it is said. */
    @Override
    public void close() {
        tidy.countDown();
        if (!requested) {
            removeHook();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The machine is already on its way down, and the hook will not wait.
            requested = true;
        }
    }

    private void await() {
        requested = true;
        try {
            if (!tidy.await(SECONDS, TimeUnit.SECONDS)) {
                System.err.println("ortune: the step does not end; giving up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
