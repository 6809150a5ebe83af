package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.plot.ParallelCoordinates;
import dev.ortune.trainer.report.run.Reproduction;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.run.TrialRun;
import dev.ortune.trainer.report.statistics.MeanInterval;
import dev.ortune.trainer.report.statistics.SettingScores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * The report on a sweep: what sweep.mustache asks for, by its names.
 *
 * @param ranked the settings, the best first
 * @param figures of the training, of all trials
 */
record SweepPage(SweepRuns runs, List<SettingScores> ranked, List<Figure> figures) {
    private static final double PERCENT = 100;

    record Row(
            int rank,
            List<String> values,
            int seeds,
            Score validation,
            Score test,
            Range range,
            String time,
            String states) {}

    record Score(String value, String interval) {
        static Score of(MeanInterval of) {
            return new Score(
                    of.count() == 0 ? "–" : Text.score(of.mean()),
                    of.count() < 2 ? null : "± " + Format.score(of.half()));
        }
    }

    /** An interval and the measurements that it is made of, in per cent of the room for them. */
    record Range(String from, String width, List<String> dots) {}

    record TrialRow(
            String name,
            String link,
            long seed,
            String state,
            String epoch,
            String validation,
            String test,
            String time) {}

    record Failure(String name, String lines) {}

    String html() {
        return Template.page("sweep", new Template.Frame(title()), this);
    }

    public String title() {
        return runs.name();
    }

    public String lead() {
        List<String> parts = new ArrayList<>();
        parts.add(Text.count(runs.runs().size(), "trial"));
        if (ranked.size() > 1) {
            parts.add(Text.count(ranked.size(), "setting") + " of " + String.join(", ", varied()));
        }
        long seeds =
                runs.runs().stream().map(run -> run.trial().seed()).distinct().count();
        parts.add(Text.count(seeds, "seed"));
        return String.join("; ", parts);
    }

    public List<String> varied() {
        return runs.sweep().varied();
    }

    private Metric metric() {
        return runs.metric();
    }

    public String score() {
        return metric().title();
    }

    private SettingScores best() {
        return ranked.get(0);
    }

    private boolean hasBest() {
        return best().validation().count() > 0;
    }

    /** The best setting's name, where settings differ. */
    public String bestSetting() {
        return ranked.size() > 1 && hasBest() ? best().name() : "";
    }

    public boolean tested() {
        return ranked.stream().anyMatch(each -> each.test().count() > 0);
    }

    public List<Tile> tiles() {
        List<Tile> tiles = new ArrayList<>();
        if (hasBest()) {
            tiles.add(tile(score() + ", validation set", best().validation()));
        }
        if (best().test().count() > 0) {
            tiles.add(tile(score() + ", test set", best().test()));
        }
        long complete = runs.count(Sweep.State.COMPLETE);
        tiles.add(new Tile(
                "Trials",
                Format.count(complete),
                "complete of " + Format.count(runs.runs().size()) + states(runs.runs())));
        tiles.add(new Tile(
                "Time",
                Format.duration(
                        ranked.stream().mapToDouble(SettingScores::seconds).sum()),
                "of all trials, one after another"));
        return tiles;
    }

    private static Tile tile(String name, MeanInterval score) {
        return new Tile(
                name,
                Text.score(score.mean()),
                score.count() < 2
                        ? "1 seed"
                        : "± " + Format.score(score.half()) + " (95 %, " + score.count() + " seeds)");
    }

    /** What became of those that are not complete. */
    private static String states(List<TrialRun> runs) {
        return List.of(Sweep.State.values()).stream()
                .filter(state -> state != Sweep.State.COMPLETE)
                .map(state -> count(runs, state))
                .filter(text -> !text.isEmpty())
                .map(text -> ", " + text)
                .collect(Collectors.joining());
    }

    private static String count(List<TrialRun> runs, Sweep.State state) {
        long count = runs.stream().filter(run -> run.trial().state() == state).count();
        return count == 0 ? "" : count + " " + state;
    }

    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (SettingScores each : ranked) {
            rows.add(new Row(
                    rows.size() + 1,
                    varied().stream()
                            .map(option -> each.setting().getOrDefault(option, ""))
                            .toList(),
                    each.validation().count(),
                    Score.of(each.validation()),
                    Score.of(each.test()),
                    range(each),
                    Format.duration(each.seconds()),
                    states(each.runs()).replaceFirst("^, ", "")));
        }
        return rows;
    }

    /** From the least to the greatest measurement of all; intervals that reach further are cut off there. */
    private Range range(SettingScores each) {
        double[] ends = ends();
        MeanInterval score = each.validation();
        if (score.count() == 0 || !(ends[1] > ends[0])) {
            return null;
        }
        double from = score.count() < 2 ? score.mean() : Math.max(ends[0], score.low());
        double to = score.count() < 2 ? score.mean() : Math.min(ends[1], score.high());
        return new Range(
                percent(from, ends),
                percent(ends[0] + to - from, ends),
                measured(each).mapToObj(value -> percent(value, ends)).toList());
    }

    private double[] ends() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (SettingScores each : ranked) {
            low = Math.min(low, measured(each).min().orElse(low));
            high = Math.max(high, measured(each).max().orElse(high));
        }
        double margin = (high - low) / 10;
        return new double[] {low - margin, high + margin};
    }

    private DoubleStream measured(SettingScores each) {
        return each.runs().stream().mapToDouble(run -> run.validation(metric())).filter(Double::isFinite);
    }

    private static String percent(double value, double[] ends) {
        return String.format(Locale.ROOT, "%.2f", PERCENT * (value - ends[0]) / (ends[1] - ends[0]));
    }

    public boolean showsSettings() {
        return !varied().isEmpty() && measuredSettings().size() > 1;
    }

    private List<SettingScores> measuredSettings() {
        return ranked.stream()
                .filter(each -> Double.isFinite(each.validation().mean()))
                .toList();
    }

    public String settings() {
        List<String> axes = new ArrayList<>(varied());
        axes.add(score());
        List<ParallelCoordinates.Line> lines = measuredSettings().stream()
                .map(each -> new ParallelCoordinates.Line(
                        each.name() + ": " + score() + " " + each.validation(),
                        varied().stream()
                                .map(option -> each.setting().getOrDefault(option, ""))
                                .toList(),
                        each.validation().mean()))
                .toList();
        return new ParallelCoordinates(axes, lines).svg();
    }

    public List<Drawing> training() {
        return figures.stream().map(Drawing::of).toList();
    }

    public boolean hasTraining() {
        return !figures.isEmpty();
    }

    public List<TrialRow> trials() {
        return runs.runs().stream().map(this::trial).toList();
    }

    private TrialRow trial(TrialRun run) {
        boolean complete = run.trial().state() == Sweep.State.COMPLETE;
        return new TrialRow(
                run.trial().name(),
                complete ? Sweep.TRIALS + "/" + run.trial().name() + "/report.html" : null,
                run.trial().seed(),
                run.trial().state().toString(),
                run.history().best() == null
                        ? "–"
                        : Format.decimal(run.history().best().epoch()),
                Text.score(run.validation(metric())),
                Text.score(run.test(metric())),
                Format.duration(run.trial().seconds()));
    }

    public boolean hasFailures() {
        return !failures().isEmpty();
    }

    public List<Failure> failures() {
        return runs.runs().stream()
                .map(TrialRun::trial)
                .filter(trial -> trial.state() == Sweep.State.FAILED)
                .map(trial -> new Failure(trial.name(), String.join("\n", trial.lastLines())))
                .toList();
    }

    public String intervalNote() {
        return "Means over seeds with 95 % intervals by Student's t; dots are the seeds. Settings are ordered by the"
                + " validation set, of which the best of many looks better than it is"
                + (tested() ? "; the test set had no say." : ".");
    }

    /** The command that repeats a trial of the best setting. */
    public String command() {
        Sweep.Trial trial = best().runs().get(0).trial();
        List<String> words = new ArrayList<>(List.of("./ortune train"));
        trial.options().forEach(option -> words.add(Reproduction.quoted(option)));
        words.add("--seed=" + trial.seed());
        words.add("--out=models/" + runs.name());
        return String.join(" \\\n    ", words);
    }
}
