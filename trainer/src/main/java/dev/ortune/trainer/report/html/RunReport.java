package dev.ortune.trainer.report.html;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.plot.HoldoutFigures;
import dev.ortune.trainer.report.plot.LengthFigure;
import dev.ortune.trainer.report.plot.SweepFigures;
import dev.ortune.trainer.report.plot.TrainingFigures;
import dev.ortune.trainer.report.run.AnswerHoldout;
import dev.ortune.trainer.report.run.ChoiceHoldout;
import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.LabelSetHoldout;
import dev.ortune.trainer.report.run.NumberHoldout;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.run.TokenHoldout;
import dev.ortune.trainer.report.run.WrittenHoldout;
import dev.ortune.trainer.report.statistics.AnswerScores;
import dev.ortune.trainer.report.statistics.ClassScores;
import dev.ortune.trainer.report.statistics.IntervalScores;
import dev.ortune.trainer.report.statistics.Scores;
import dev.ortune.trainer.report.statistics.SettingScores;
import dev.ortune.trainer.report.statistics.TokenScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A report: a page and the figures in it.
 *
 * @param html one file that needs no other
 * @param figures for PNG files beside it
 */
public record RunReport(String html, List<Figure> figures) {
    public RunReport {
        figures = List.copyOf(figures);
    }

    /**
     * On several runs side by side.
     *
     * @throws OrtuneException when they are of different tasks
     */
    public static RunReport of(List<Run> runs) {
        requireOneTask(runs);
        List<String> names = runs.stream().map(Run::name).toList();
        List<Scores> scores = new ArrayList<>();
        runs.forEach(run -> scores.add(run.judged() == null ? null : Scores.of(run.judged())));
        List<Figure> training =
                runs.stream().allMatch(run -> run.history().steps().isEmpty()) ? List.of() : TrainingFigures.of(runs);
        boolean ofClasses = scores.stream().noneMatch(IntervalScores.class::isInstance)
                && runs.stream().anyMatch(run -> run.judged() != null);
        List<Figure> results = ofClasses
                ? HoldoutFigures.of(
                        names, scores.stream().map(score -> (ClassScores) score).toList())
                : List.of();
        List<Figure> all = new ArrayList<>(training);
        all.addAll(results);
        return new RunReport(new ComparisonPage(runs, scores, training, results).html(), all);
    }

    /** On a sweep, from what its trials wrote so far. */
    public static RunReport of(SweepRuns sweep) {
        List<SettingScores> ranked = SettingScores.ranked(sweep);
        List<Figure> figures = SweepFigures.of(ranked, sweep.metric());
        return new RunReport(new SweepPage(sweep, ranked, figures).html(), figures);
    }

    private static void requireOneTask(List<Run> runs) {
        Run first = runs.get(0);
        for (Run run : runs) {
            if (!run.task().equals(first.task())) {
                throw new OrtuneException(first.name() + " is of " + first.task() + " and " + run.name() + " of "
                        + run.task() + "; runs of different tasks cannot be compared");
            }
        }
    }

    /** On one run, from whatever it wrote. */
    public static RunReport of(Run run) {
        Results results = results(run);
        List<Figure> training = TrainingFigures.of(run);
        Figure lengths =
                run.lengths().bySet().isEmpty() ? null : LengthFigure.of(run.lengths(), ReportPage.maxLength(run));
        List<Figure> all = new ArrayList<>(training);
        if (results != null) {
            all.addAll(results.figures());
        }
        if (lengths != null) {
            all.add(lengths);
        }
        return new RunReport(new ReportPage(run, results, training, lengths).html(), all);
    }

    /** What was measured; null where nothing was. */
    private static Results results(Run run) {
        List<Holdout> sets =
                Stream.of(run.test(), run.validation()).filter(Objects::nonNull).toList();
        if (sets.isEmpty()) {
            return null;
        }
        boolean validated = run.validation() != null;
        if (sets.get(0) instanceof TokenHoldout) {
            Map<String, TokenScores> scores = new LinkedHashMap<>();
            sets.forEach(set -> scores.put(set.role(), (TokenScores) Scores.of(set)));
            return new TokenResults(sets.stream().map(set -> (TokenHoldout) set).toList(), scores, validated);
        }
        if (sets.get(0) instanceof NumberHoldout) {
            return NumberResults.of(
                    sets.stream().map(set -> (NumberHoldout) set).toList(), validated);
        }
        if (sets.get(0) instanceof WrittenHoldout) {
            return WrittenResults.of(
                    sets.stream().map(set -> (WrittenHoldout) set).toList(), validated);
        }
        if (sets.get(0) instanceof LabelSetHoldout) {
            return LabelSetResults.of(
                    sets.stream().map(set -> (LabelSetHoldout) set).toList(), validated);
        }
        if (sets.get(0) instanceof AnswerHoldout) {
            Map<String, AnswerScores> scores = new LinkedHashMap<>();
            sets.forEach(set -> scores.put(set.role(), (AnswerScores) Scores.of(set)));
            return new AnswerResults(
                    sets.stream().map(set -> (AnswerHoldout) set).toList(), scores, validated);
        }
        if (sets.get(0) instanceof ChoiceHoldout) {
            return ChoiceResults.of(
                    sets.stream().map(set -> (ChoiceHoldout) set).toList(), validated);
        }
        Map<String, ClassScores> scores = new LinkedHashMap<>();
        sets.forEach(set -> scores.put(set.role(), (ClassScores) Scores.of(set)));
        return new ClassResults(
                sets.stream().map(set -> (ClassHoldout) set).toList(),
                scores,
                HoldoutFigures.of(scores.get(sets.get(0).role())),
                validated);
    }
}
