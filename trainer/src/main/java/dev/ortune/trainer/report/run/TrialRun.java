package dev.ortune.trainer.report.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.StagedFolder;
import dev.ortune.trainer.report.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A trial of a sweep and what its run wrote down so far; of what the model says of texts nothing is read.
 *
 * @param trial which
 * @param arguments of the run, empty where it has not begun
 * @param history how it went
 */
public record TrialRun(Sweep.Trial trial, Arguments arguments, History history) {
    /** Reads it in the sweep's folder. */
    public static TrialRun read(Path sweep, Sweep.Trial trial) {
        Path model = sweep.resolve(Sweep.TRIALS).resolve(trial.name());
        Path folder = Files.isDirectory(model) ? model : StagedFolder.hidden(model, StagedFolder.TRAINING);
        Path arguments = folder.resolve("training_args.json");
        Path metrics = folder.resolve("metrics.jsonl");
        return new TrialRun(
                trial,
                new Arguments(
                        Files.exists(arguments)
                                ? JsonFile.readObject(arguments)
                                : JsonNodeFactory.instance.objectNode()),
                Files.exists(metrics) ? HistoryFile.read(metrics) : History.NONE);
    }

    /** What its best checkpoint is chosen by; nothing where it has not begun. */
    public Optional<Metric> metric() {
        String name = arguments.text("/metric_for_best_model");
        return Stream.of(Metric.values())
                .filter(metric -> metric.toString().equals(name))
                .findFirst();
    }

    /** The best on the validation set so far; NaN where nothing was measured. */
    public double validation(Metric metric) {
        History.Evaluation best = history.best();
        return best == null ? Double.NaN : best.value(metric);
    }

    /** On the test set, at the end; NaN where there is none. */
    public double test(Metric metric) {
        return history.end() == null ? Double.NaN : history.end().test().getOrDefault(metric, Double.NaN);
    }

    /** Epochs after which it was last measured, as a fraction. */
    public double measuredEpoch() {
        return history.evaluations().isEmpty()
                ? 0
                : history.evaluations().get(history.evaluations().size() - 1).epoch();
    }
}
