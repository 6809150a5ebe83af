package dev.ortune.trainer.sweep;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.statistics.MeanInterval;
import dev.ortune.trainer.report.statistics.SettingScores;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What came of a sweep, as lines for people. */
public final class SweepText {
    private SweepText() {}

    /** A table of the settings, the best first, and how good that is. */
    public static List<String> lines(SweepRuns runs) {
        Metric metric = runs.metric();
        List<SettingScores> ranked = SettingScores.ranked(runs);
        List<String> lines = new ArrayList<>(table(runs, ranked, metric));
        SettingScores best = ranked.get(0);
        if (best.validation().count() + best.test().count() > 0) {
            lines.add("");
            if (ranked.size() > 1 && best.validation().count() > 0) {
                lines.add("best  " + best.name());
            }
            lines.add(result(best, metric));
        }
        return lines;
    }

    /** Such as {@code MCC 0.8420 ± 0.0110 on the validation set (95 %, 5 seeds)}. */
    static String result(SettingScores scores, Metric metric) {
        List<String> parts = new ArrayList<>();
        if (scores.validation().count() > 0) {
            parts.add(scores.validation() + " on the validation set");
        }
        if (scores.test().count() > 0) {
            parts.add(scores.test() + " on the test set");
        }
        int seeds = Math.max(scores.validation().count(), scores.test().count());
        return metric.title() + " " + String.join(", ", parts)
                + (seeds > 1
                        ? " (95 %, " + seeds + " seeds)"
                        : " (1 seed; --seeds 5 tells how far others are from it)");
    }

    private static List<String> table(SweepRuns runs, List<SettingScores> ranked, Metric metric) {
        boolean tested = ranked.stream().anyMatch(each -> each.test().count() > 0);
        boolean partly = runs.count(Sweep.State.COMPLETE) < runs.runs().size();
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(runs.sweep().varied());
        head.addAll(List.of("seeds", metric.title() + ", validation"));
        if (tested) {
            head.add(metric.title() + ", test");
        }
        head.add("time");
        if (partly) {
            head.add("");
        }
        rows.add(head);
        for (SettingScores each : ranked) {
            List<String> row = new ArrayList<>();
            runs.sweep().varied().forEach(option -> row.add(each.setting().getOrDefault(option, "")));
            row.add(String.valueOf(seeds(each)));
            row.add(each.validation().toString());
            if (tested) {
                row.add(each.test().toString());
            }
            row.add(Format.duration(each.seconds()));
            if (partly) {
                row.add(states(each));
            }
            rows.add(row);
        }
        return aligned(rows);
    }

    private static int seeds(SettingScores each) {
        MeanInterval measured = each.validation().count() > 0 ? each.validation() : each.test();
        return measured.count();
    }

    /** What became of those that did not go through. */
    private static String states(SettingScores setting) {
        return List.of(Sweep.State.values()).stream()
                .filter(state -> state != Sweep.State.COMPLETE)
                .map(state -> {
                    long count = setting.runs().stream()
                            .filter(run -> run.trial().state() == state)
                            .count();
                    return count == 0 ? "" : count + " " + state;
                })
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream()
                .map(row -> {
                    StringBuilder line = new StringBuilder();
                    for (int i = 0; i < widths.length; i++) {
                        line.append(row.get(i))
                                .append(" ".repeat(widths[i] - row.get(i).length() + 2));
                    }
                    return line.toString().stripTrailing();
                })
                .toList();
    }
}
