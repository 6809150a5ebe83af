package dev.ortune.trainer.report;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.report.run.Sweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a sweep as {@code ortune sweep} writes them: eight settings with two seeds each, and one whose trials failed. */
public final class WrittenSweep {
    private WrittenSweep() {}

    /** Writes them, of the trials' folders what a sweep's report reads. */
    public static Path in(Path folder) {
        List<Sweep.Trial> trials = new ArrayList<>();
        int seed = 0;
        for (String rate : List.of("5e-5", "1e-4", "2e-4", "4e-4")) {
            for (String schedule : List.of("linear", "cosine")) {
                for (int each = 0; each < 2; each++) {
                    Sweep.Trial trial = trial(rate, schedule, 42 + each, Sweep.State.COMPLETE, List.of());
                    Path run = folder.resolve(Sweep.TRIALS).resolve(trial.name());
                    try {
                        Files.createDirectories(run);
                        // Scores that differ a little, around a rate that is best.
                        WrittenRun written = new WrittenRun(run, seed++)
                                .arguments(WrittenRun.TWO)
                                .history(300, true);
                        Path arguments = written.folder().resolve("training_args.json");
                        Files.writeString(
                                arguments,
                                Files.readString(arguments)
                                        .replaceFirst("\\{", "{\"metric_for_best_model\": \"mcc\", "));
                        Path metrics = run.resolve("metrics.jsonl");
                        double factor =
                                1 - 0.1 * Math.abs(Math.log(Double.parseDouble(rate) / 2e-4)) - 0.013 * (seed % 5);
                        Files.writeString(
                                metrics,
                                Files.readString(metrics)
                                        .replaceAll(
                                                "\"eval_mcc\":0\\.",
                                                "\"eval_mcc\":" + Math.round(factor * 1000) + "e-3,\"x\":0."));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    trials.add(trial);
                }
            }
        }
        for (int each = 0; each < 2; each++) {
            trials.add(trial("1", "linear", 42 + each, Sweep.State.FAILED, List.of("ortune: a <b> & no MCC")));
        }
        Sweep sweep = new Sweep(List.of("learning-rate", "schedule"), trials);
        AtomicFile.write(folder.resolve(Sweep.FILE), JsonFile.bytes(sweep.json()));
        return folder;
    }

    private static Sweep.Trial trial(String rate, String schedule, long seed, Sweep.State state, List<String> lines) {
        Map<String, String> setting = new LinkedHashMap<>();
        setting.put("learning-rate", rate);
        setting.put("schedule", schedule);
        return new Sweep.Trial(
                "learning-rate=" + rate + ",schedule=" + schedule + ",seed=" + seed,
                setting,
                seed,
                List.of("--train=builtin", "--learning-rate=" + rate, "--schedule=" + schedule),
                state,
                12.5,
                lines);
    }
}
