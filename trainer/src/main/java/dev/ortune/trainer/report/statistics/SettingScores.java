package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.run.TrialRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a setting of a sweep is worth, over its seeds.
 *
 * @param setting the options that differ between settings
 * @param runs one a seed
 * @param validation of the runs that are complete; where none is, of those that are under way
 * @param test of the runs that are complete
 */
public record SettingScores(
        Map<String, String> setting, List<TrialRun> runs, MeanInterval validation, MeanInterval test) {
    /**
     * All settings, the best first: those that went through before those that did not, which are ordered by how far they came;
     * then by what was measured on the validation set. The test set has no say.
     */
    public static List<SettingScores> ranked(SweepRuns sweep) {
        Metric metric = sweep.metric();
        Map<Map<String, String>, List<TrialRun>> bySetting = new LinkedHashMap<>();
        for (TrialRun run : sweep.runs()) {
            bySetting
                    .computeIfAbsent(run.trial().setting(), setting -> new ArrayList<>())
                    .add(run);
        }
        List<SettingScores> all = new ArrayList<>();
        bySetting.forEach((setting, runs) -> all.add(of(setting, runs, metric)));
        Comparator<SettingScores> byScore =
                Comparator.comparingDouble(each -> metric.isError() ? -each.validation.mean() : each.validation.mean());
        all.sort(Comparator.<SettingScores>comparingInt(each -> each.validation.count() > 0 ? 1 : 0)
                .thenComparing(SettingScores::isComplete)
                .thenComparingDouble(each -> each.isComplete() ? 0 : each.measuredEpoch())
                .thenComparing(byScore)
                .reversed());
        return all;
    }

    private static SettingScores of(Map<String, String> setting, List<TrialRun> runs, Metric metric) {
        List<TrialRun> complete = runs.stream()
                .filter(run -> run.trial().state() == Sweep.State.COMPLETE)
                .toList();
        List<TrialRun> measured = complete.isEmpty() ? runs : complete;
        return new SettingScores(
                setting,
                runs,
                MeanInterval.of(measured.stream()
                        .mapToDouble(run -> run.validation(metric))
                        .toArray()),
                MeanInterval.of(
                        complete.stream().mapToDouble(run -> run.test(metric)).toArray()));
    }

    /** Whether any of its runs went through. */
    public boolean isComplete() {
        return runs.stream().anyMatch(run -> run.trial().state() == Sweep.State.COMPLETE);
    }

    /** Epochs up to which its runs were measured. */
    public double measuredEpoch() {
        return runs.stream().mapToDouble(TrialRun::measuredEpoch).max().orElse(0);
    }

    /** That its runs took, one after another. */
    public double seconds() {
        return runs.stream().mapToDouble(run -> run.trial().seconds()).sum();
    }

    /** Such as {@code learning-rate=2e-4, batch-size=16}; empty where settings do not differ. */
    public String name() {
        return setting.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(", "));
    }
}
