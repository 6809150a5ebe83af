package dev.ortune.trainer.report.run;

import dev.ortune.trainer.report.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A sweep with what its runs wrote down so far.
 *
 * @param name of its folder
 * @param sweep what was planned and how far it has come
 * @param runs of all trials, in their order
 */
public record SweepRuns(String name, Sweep sweep, List<TrialRun> runs) {
    /** Reads a sweep's folder. */
    public static SweepRuns read(Path folder) {
        return of(folder, Sweep.read(folder));
    }

    /** Reads the runs of a sweep in its folder. */
    public static SweepRuns of(Path folder, Sweep sweep) {
        List<TrialRun> runs = sweep.trials().stream()
                .map(trial -> TrialRun.read(folder, trial))
                .toList();
        return new SweepRuns(folder.toAbsolutePath().normalize().getFileName().toString(), sweep, runs);
    }

    /** What the runs chose their best checkpoints by; the loss where none has begun. */
    public Metric metric() {
        return runs.stream()
                .map(TrialRun::metric)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(Metric.LOSS);
    }

    /** How many trials are so far. */
    public long count(Sweep.State state) {
        return sweep.trials().stream().filter(trial -> trial.state() == state).count();
    }
}
