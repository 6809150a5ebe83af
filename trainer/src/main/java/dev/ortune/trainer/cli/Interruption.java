package dev.ortune.trainer.cli;

import dev.ortune.trainer.sweep.LocalTrials;
import dev.ortune.trainer.training.StopRequest;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ctrl-C and other signals that end a process, as a request to stop: the run finishes its step and saves what it has.
 * A second signal ends the process at once.
 */
final class Interruption implements StopRequest, AutoCloseable {
    private static final int SIGNALLED = 128;
    /** Programs such as timeout signal a process and its group, which are two signals for one. */
    private static final long ONE_SIGNAL_NANOS = 500_000_000;

    private static final int TERMINATED = 15;

    private final PrintWriter err;
    private final List<AutoCloseable> signals = new ArrayList<>();
    private volatile int signal;
    private long first;

    /** @param err where the first signal is acknowledged */
    Interruption(PrintWriter err) {
        this.err = err;
        Signals.handle("HUP", this::interrupt).ifPresent(signals::add);
        Signals.handle("INT", this::interrupt).ifPresent(signals::add);
        Signals.handle("TERM", this::interrupt).ifPresent(signals::add);
        endWithParent();
    }

    private void endWithParent() {
        String parent = System.getenv(LocalTrials.PARENT);
        if (parent != null && parent.matches("\\d{1,18}")) {
            CompletableFuture<?> ended = ProcessHandle.of(Long.parseLong(parent))
                    .<CompletableFuture<?>>map(ProcessHandle::onExit)
                    .orElseGet(() -> CompletableFuture.completedFuture(null))
                    .thenRun(() -> interrupt(TERMINATED));
            signals.add(() -> ended.cancel(false));
        }
    }

    @Override
    public boolean requested() {
        return signal != 0;
    }

    /** That of the signal, as shells have it: 130 for Ctrl-C, 143 for SIGTERM. */
    int exitCode() {
        return SIGNALLED + signal;
    }

    /** From here on signals do again what they did before. */
    @Override
    public void close() {
        for (AutoCloseable handler : signals) {
            try {
                handler.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private synchronized void interrupt(int number) {
        if (requested()) {
            if (System.nanoTime() - first > ONE_SIGNAL_NANOS) {
                Runtime.getRuntime().halt(SIGNALLED + number);
            }
            return;
        }
        first = System.nanoTime();
        signal = number;
        err.println("ortune: finishing the step; a second signal ends it at once");
        err.flush();
    }
}
