package dev.ortune.trainer.sweep;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.report.run.TrialRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a person sees of a sweep while it runs: a line for each trial that ends and, on a terminal, one that is drawn over for those
 * that run, with the last that each has printed.
 */
public final class SweepLog implements AutoCloseable {
    private static final long EVERY_NANOS = 1_000_000_000L;
    private static final int COLUMNS = 100;

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean terminal;
    private final Map<String, LogLines> running = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private long drawn = start;

    /**
     * Says nothing yet.
     *
     * @param terminal whether a line can be drawn over on {@code err}
     */
    public SweepLog(PrintWriter out, PrintWriter err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /**
     * Says what is to be done.
     *
     * @param before what was there; null for nothing
     */
    synchronized void begin(Sweep sweep, Sweep before, TrialRunner runner) {
        int trials = sweep.trials().size();
        int complete = (int) sweep.trials().stream()
                .filter(trial -> trial.state() == Sweep.State.COMPLETE)
                .count();
        long settings =
                sweep.trials().stream().map(Sweep.Trial::setting).distinct().count();
        say(count(trials, "trial")
                + (settings > 1 ? " of " + count(settings, "setting") : "")
                + (runner.slots() > 1 ? ", " + Math.min(trials, runner.slots()) + " at a time" : ", one after another")
                + (complete > 0 ? "; " + complete + " of them complete already" : ""));
        if (before != null) {
            List<String> names = sweep.trials().stream().map(Sweep.Trial::name).toList();
            long gone = before.trials().stream()
                    .filter(trial -> !names.contains(trial.name()))
                    .count();
            if (gone > 0) {
                say(count(gone, "trial") + " of before " + (gone == 1 ? "is" : "are")
                        + " no longer asked for: the folders stay, the tables leave them out");
            }
        }
    }

    synchronized void started(Sweep.Trial trial, Path log) {
        running.put(trial.name(), LogLines.behind(log));
    }

    synchronized void ended(Sweep.Trial trial, TrialRun run) {
        running.remove(trial.name());
        if (trial.state() == Sweep.State.WAITING) {
            return;
        }
        String score = run.metric()
                .map(metric -> metric.title() + " " + Format.score(run.validation(metric)))
                .orElse("");
        String how =
                switch (trial.state()) {
                    case FAILED ->
                        "failed: " + trial.lastLines().get(trial.lastLines().size() - 1);
                    case PAUSED -> score + " after " + Format.decimal(run.measuredEpoch()) + " epochs";
                    default -> score;
                };
        say(trial.name() + "  " + how + "  " + Format.duration(trial.seconds()));
    }

    synchronized void rung(String after, int settings, int better) {
        String epochs = after.endsWith("%") ? after : after + (after.equals("1") ? " epoch" : " epochs");
        say("After " + epochs + " " + better + " of " + count(settings, "setting") + " " + (better == 1 ? "goes" : "go")
                + " on");
    }

    synchronized void notice(String line) {
        say(line);
    }

    /** Draws the line, if it is time to. */
    synchronized void tick() {
        long now = System.nanoTime();
        if (!terminal || now - drawn < EVERY_NANOS) {
            return;
        }
        drawn = now;
        StringBuilder line = new StringBuilder();
        running.forEach((name, log) -> {
            List<String> last = log.last("");
            line.append(name)
                    .append(": ")
                    .append(last.get(last.size() - 1).strip())
                    .append("  ");
        });
        String shown = Format.duration((now - start) / 1e9) + "  " + line;
        err.print("\r" + shown.substring(0, Math.min(COLUMNS, shown.length())) + "\033[K");
        err.flush();
    }

    private void say(String line) {
        wipe();
        out.println(line);
        out.flush();
    }

    private void wipe() {
        if (terminal) {
            err.print("\r\033[K");
            err.flush();
        }
    }

    static String count(long number, String one) {
        return Format.count(number) + " " + one + (number == 1 ? "" : "s");
    }

    @Override
    public synchronized void close() {
        wipe();
    }
}
