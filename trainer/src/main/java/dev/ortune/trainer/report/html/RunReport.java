package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.plot.HoldoutFigures;
import dev.ortune.trainer.report.plot.LengthFigure;
import dev.ortune.trainer.report.plot.TrainingFigures;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.Scores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** On several runs side by side. */
    public static RunReport of(List<Run> runs) {
        List<String> names = runs.stream().map(Run::name).toList();
        List<Scores> scores = new ArrayList<>();
        runs.forEach(run -> scores.add(run.judged() == null ? null : Scores.of(run.judged())));
        List<Figure> training =
                runs.stream().allMatch(run -> run.history().steps().isEmpty()) ? List.of() : TrainingFigures.of(runs);
        List<Figure> results = HoldoutFigures.of(names, scores);
        List<Figure> all = new ArrayList<>(training);
        all.addAll(results);
        return new RunReport(new ComparisonPage(runs, scores, training, results).html(), all);
    }

    /** On one run, from whatever it wrote. */
    public static RunReport of(Run run) {
        Map<String, Scores> scores = new LinkedHashMap<>();
        Stream.of(run.test(), run.validation())
                .filter(set -> set != null)
                .forEach(set -> scores.put(set.role(), Scores.of(set)));
        Holdout judged = run.judged();
        List<Figure> training = TrainingFigures.of(run);
        List<Figure> results = judged == null ? List.of() : HoldoutFigures.of(scores.get(judged.role()));
        Figure lengths =
                run.lengths().bySet().isEmpty() ? null : LengthFigure.of(run.lengths(), ReportPage.maxLength(run));
        List<Figure> all = new ArrayList<>(training);
        all.addAll(results);
        if (lengths != null) {
            all.add(lengths);
        }
        return new RunReport(new ReportPage(run, scores, training, results, lengths).html(), all);
    }
}
