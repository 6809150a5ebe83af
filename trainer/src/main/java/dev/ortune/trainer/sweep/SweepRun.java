package dev.ortune.trainer.sweep;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.run.TrialRun;
import dev.ortune.trainer.report.statistics.MeanInterval;
import dev.ortune.trainer.report.statistics.SettingScores;
import dev.ortune.trainer.training.RunFolder;
import dev.ortune.trainer.training.StopRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A sweep from its plan to its last trial. How far each has come is read from the trials' own folders, so that a sweep that was
 * killed goes on wherever it was.
 */
public final class SweepRun {
    private static final int SIGNALLED = 128;
    /** Processes of a trial that is killed by others, before it counts as failed. */
    private static final int ATTEMPTS = 3;

    private static final long TICK_MILLIS = 100;
    /** Ctrl-C reaches all processes of a terminal, those of trials perhaps first. */
    private static final long SIGNAL_MILLIS = 500;
    /** What a trial of a sweep that was killed takes to end. */
    private static final long TAKEN_MILLIS = 120_000;

    private final SweepPlan plan;
    private final SweepFolder folder;
    private final TrialRunner runner;
    private final SweepLog log;
    private final StopRequest stop;
    private final Map<String, Sweep.Trial> trials = new LinkedHashMap<>();

    private SweepRun(SweepPlan plan, SweepFolder folder, TrialRunner runner, SweepLog log, StopRequest stop) {
        this.plan = plan;
        this.folder = folder;
        this.runner = runner;
        this.log = log;
        this.stop = stop;
    }

    /**
     * How a folder is taken.
     *
     * @param path the folder
     * @param resume whether a sweep that is there goes on
     * @param overwrite whether one that is there is deleted
     */
    public record Where(Path path, boolean resume, boolean overwrite) {}

    /**
     * Runs all trials that are not complete.
     *
     * @param log told how it goes
     * @param stop asked all the while
     * @return what came of all, also where it was stopped
     * @throws OrtuneException when the folder holds something else
     */
    public static SweepRuns run(SweepPlan plan, Where where, TrialRunner runner, SweepLog log, StopRequest stop) {
        try (SweepFolder folder = SweepFolder.open(where.path(), where.resume(), where.overwrite());
                log) {
            return new SweepRun(plan, folder, runner, log, stop).run();
        }
    }

    private SweepRuns run() {
        begin();
        List<Map<String, String>> alive = new ArrayList<>(bySetting().keySet());
        List<SweepFile.Rung> rungs =
                plan.halving() == null ? List.of() : plan.halving().rungs();
        for (SweepFile.Rung rung : rungs) {
            runAll(alive, rung);
            if (stop.requested()) {
                return end();
            }
            alive = better(alive, rung);
        }
        runAll(alive, null);
        return end();
    }

    private void begin() {
        Sweep before = folder.before();
        Sweep sweep = before == null ? new Sweep(plan.varied(), plan.trials()) : plan.since(before);
        sweep.trials().forEach(trial -> trials.put(trial.name(), trial));
        // Those that failed are tried again, and those that were left may be among the better ones of more.
        for (Sweep.Trial trial : sweep.trials()) {
            boolean complete = RunFolder.isComplete(folder.model(trial));
            trials.put(trial.name(), trial.at(complete ? Sweep.State.COMPLETE : Sweep.State.WAITING, 0, List.of()));
        }
        log.begin(sweep(), before, runner);
        folder.write(sweep());
    }

    private SweepRuns end() {
        SweepRuns runs = SweepRuns.of(folder.path(), sweep());
        folder.write(runs, SettingScores.ranked(runs));
        return runs;
    }

    private synchronized Sweep sweep() {
        return new Sweep(plan.varied(), List.copyOf(trials.values()));
    }

    private synchronized Map<Map<String, String>, List<Sweep.Trial>> bySetting() {
        Map<Map<String, String>, List<Sweep.Trial>> settings = new LinkedHashMap<>();
        trials.values().forEach(trial -> settings.computeIfAbsent(trial.setting(), setting -> new ArrayList<>())
                .add(trial));
        return settings;
    }

    private synchronized void put(Sweep.Trial trial) {
        trials.put(trial.name(), trial);
        folder.write(sweep());
    }

    /** Those that go on: the best by the mean of what their trials have reached, one in eta and one at least. */
    private List<Map<String, String>> better(List<Map<String, String>> alive, SweepFile.Rung rung) {
        SweepRuns runs = SweepRuns.of(folder.path(), sweep());
        Metric metric = runs.metric();
        Map<Map<String, String>, Double> means = new LinkedHashMap<>();
        for (Map<String, String> setting : alive) {
            double mean = MeanInterval.of(runs.runs().stream()
                            .filter(run -> run.trial().setting().equals(setting))
                            .filter(run -> run.trial().state() != Sweep.State.FAILED)
                            .mapToDouble(run -> upTo(run, rung, metric))
                            .toArray())
                    .mean();
            if (!Double.isNaN(mean)) {
                means.put(setting, metric.isError() ? -mean : mean);
            }
        }
        List<Map<String, String>> ranked = new ArrayList<>(means.keySet());
        ranked.sort(Comparator.<Map<String, String>>comparingDouble(means::get).reversed());
        int kept = Math.max(1, ranked.size() / plan.halving().eta());
        List<Map<String, String>> better = ranked.subList(0, Math.min(kept, ranked.size()));
        bySetting().forEach((setting, each) -> {
            if (alive.contains(setting) && !better.contains(setting)) {
                each.stream()
                        .filter(trial -> trial.state() == Sweep.State.PAUSED)
                        .forEach(trial -> put(trial.at(Sweep.State.LEFT, 0, List.of())));
            }
        });
        log.rung(rung.text(), alive.size(), better.size());
        return better;
    }

    /** The best that a trial had reached there: when a sweep is resumed, it may be further on. */
    private static double upTo(TrialRun run, SweepFile.Rung rung, Metric metric) {
        double best = Double.NaN;
        for (var evaluation : run.history().evaluations()) {
            double value = evaluation.value(metric);
            boolean improves = Double.isNaN(best) || (metric.isError() ? value < best : value > best);
            best = improves ? value : best;
            if (rung.pause().isReached(evaluation.epoch(), epochs(run))) {
                break;
            }
        }
        return best;
    }

    private static double epochs(TrialRun run) {
        return run.arguments().json().path("num_train_epochs").asDouble(Double.POSITIVE_INFINITY);
    }

    /**
     * Runs the trials of these settings that are not there yet.
     *
     * @param rung up to where; null for their end
     */
    private void runAll(List<Map<String, String>> settings, SweepFile.Rung rung) {
        ExecutorService pool = Executors.newFixedThreadPool(runner.slots());
        try {
            List<Future<?>> all = new ArrayList<>();
            bySetting().forEach((setting, each) -> {
                if (settings.contains(setting)) {
                    each.forEach(trial -> all.add(pool.submit(() -> run(trial, rung))));
                }
            });
            boolean stopped = false;
            for (Future<?> each : all) {
                while (!isDone(each)) {
                    if (stop.requested() && !stopped) {
                        stopped = true;
                        runner.stop();
                    }
                    log.tick();
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static boolean isDone(Future<?> future) {
        try {
            future.get(TICK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrtuneException("interrupted while trials ran", e);
        }
    }

    /** One trial, in as many processes as it takes. */
    private void run(Sweep.Trial trial, SweepFile.Rung rung) {
        if (stop.requested() || trial.state() == Sweep.State.FAILED || isThere(trial, rung)) {
            if (trial.state() == Sweep.State.WAITING && isThere(trial, rung)) {
                put(trial.at(stateOf(trial), 0, List.of()));
            }
            return;
        }
        log.started(trial, folder.log(trial));
        try {
            Ended ended = attempts(trial, rung);
            Sweep.Trial now = trial.at(ended.state(), ended.seconds(), ended.lastLines());
            put(now);
            log.ended(now, TrialRun.read(folder.path(), now));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @param state afterwards
     * @param seconds that its processes took
     * @param lastLines of one that failed
     */
    private record Ended(Sweep.State state, double seconds, List<String> lastLines) {}

    private Ended attempts(Sweep.Trial trial, SweepFile.Rung rung) throws InterruptedException {
        awaitFree(trial);
        double seconds = 0;
        for (int attempt = 1; ; attempt++) {
            LogLines lines = LogLines.behind(folder.log(trial));
            TrialRunner.Ended process = runner.run(trial.name(), arguments(trial, rung), folder.log(trial));
            int exit = process.exit();
            seconds += process.seconds();
            if (exit == 0 && isThere(trial, rung)) {
                return new Ended(stateOf(trial), seconds, List.of());
            }
            if (exit > SIGNALLED) {
                Thread.sleep(SIGNAL_MILLIS);
            }
            if (stop.requested()) {
                return new Ended(Sweep.State.WAITING, seconds, List.of());
            }
            if (exit <= SIGNALLED || attempt == ATTEMPTS) {
                return new Ended(Sweep.State.FAILED, seconds, lines.last("it ended with exit code " + exit));
            }
            log.notice(trial.name() + ": its process was killed (exit code " + exit + "); going on with it");
        }
    }

    /** A trial whose sweep was killed saves its work before it ends. */
    private void awaitFree(Sweep.Trial trial) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TAKEN_MILLIS);
        while (RunFolder.isTaken(folder.model(trial)) && System.nanoTime() < until && !stop.requested()) {
            Thread.sleep(TICK_MILLIS);
        }
    }

    private List<String> arguments(Sweep.Trial trial, SweepFile.Rung rung) {
        Path model = folder.model(trial);
        List<String> arguments = new ArrayList<>(List.of("train"));
        if (RunFolder.isInterrupted(model)) {
            arguments.add("--resume=" + model);
        } else {
            arguments.addAll(trial.options());
            arguments.add("--seed=" + trial.seed());
            arguments.add("--out=" + model);
        }
        if (runner.threads() > 0 && trial.options().stream().noneMatch(option -> option.startsWith("--threads="))) {
            arguments.add("--threads=" + runner.threads());
        }
        if (rung != null) {
            arguments.add("--pause-after=" + rung.text());
        }
        return arguments;
    }

    private Sweep.State stateOf(Sweep.Trial trial) {
        return RunFolder.isComplete(folder.model(trial)) ? Sweep.State.COMPLETE : Sweep.State.PAUSED;
    }

    /** Whether a trial is complete, or has come as far as a rung. */
    private boolean isThere(Sweep.Trial trial, SweepFile.Rung rung) {
        if (RunFolder.isComplete(folder.model(trial))) {
            return true;
        }
        if (rung == null || !RunFolder.isInterrupted(folder.model(trial))) {
            return false;
        }
        TrialRun run = TrialRun.read(folder.path(), trial);
        return rung.pause().isReached(run.measuredEpoch(), epochs(run));
    }
}
