package dev.ortune.trainer.sweep;

import java.nio.file.Path;
import java.util.List;

/** Where trials run: each a program of its own, whatever starts it. */
public interface TrialRunner extends AutoCloseable {
    /** How many run at a time. */
    int slots();

    /** CPU threads that a trial is told to take; 0 to leave that to it. */
    int threads();

    /**
     * How a program ended.
     *
     * @param exit its exit code; 128 and the signal's number where it was killed, also with the machine that it ran on
     * @param seconds that it took
     */
    record Ended(int exit, double seconds) {}

    /**
     * Runs a program to its end.
     *
     * @param name of the trial
     * @param arguments of {@code ortune}
     * @param log takes what it prints, behind what is there
     */
    Ended run(String name, List<String> arguments, Path log) throws InterruptedException;

    /** Asks those that run to save their work and end; those that come later end at once. */
    void stop();

    @Override
    void close();
}
