package dev.ortune.trainer.sweep;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Trials as processes on this machine. */
public final class LocalTrials implements TrialRunner {
    /** In the environment: the process whose end is the trial's as well, since it runs for that one. */
    public static final String PARENT = "ORTUNE_PARENT";

    private final Path launcher;
    private final int slots;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /**
     * Runs none yet.
     *
     * @param launcher that starts Ortune
     * @param slots trials at a time, which share the machine's cores
     */
    public LocalTrials(Path launcher, int slots) {
        this.launcher = launcher;
        this.slots = slots;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int threads() {
        return slots == 1 ? 0 : Math.max(1, Runtime.getRuntime().availableProcessors() / slots);
    }

    @Override
    public Ended run(String name, List<String> arguments, Path log) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // If this process is killed, the trial saves its work and ends.
        builder.environment().put(PARENT, String.valueOf(ProcessHandle.current().pid()));
        long start = System.nanoTime();
        Process process;
        try {
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new OrtuneException(launcher + ": cannot be run (" + e.getMessage() + ")", e);
        }
        running.add(process);
        try {
            if (stopped) {
                process.destroy();
            }
            return new Ended(process.waitFor(), (System.nanoTime() - start) / 1e9);
        } finally {
            running.remove(process);
        }
    }

    @Override
    public void stop() {
        stopped = true;
        running.forEach(Process::destroy);
    }

    /** A process that is still there, as something went wrong here, is not left alone. */
    @Override
    public void close() {
        running.forEach(Process::destroy);
    }
}
