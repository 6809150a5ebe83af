package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.History;
import dev.ortune.trainer.report.run.TrialRun;
import dev.ortune.trainer.report.statistics.SettingScores;
import java.util.ArrayList;
import java.util.List;

/** How the trials of a sweep went, those of the best setting above all others. */
public final class SweepFigures {
    private static final double FAINT = 0.35;

    private SweepFigures() {}

    /**
     * Curves over one another.
     *
     * @param ranked the best first
     * @param metric by which they are
     */
    public static List<Figure> of(List<SettingScores> ranked, Metric metric) {
        Plot score = new Plot("epoch", "validation " + metric.title());
        Plot loss = new Plot("epoch", "training loss").yFromZero();
        boolean measured = false;
        boolean trained = false;
        // What comes last lies above.
        for (int rank = ranked.size() - 1; rank >= 0; rank--) {
            boolean best = rank == 0;
            boolean named = best || rank == 1;
            for (TrialRun run : ranked.get(rank).runs()) {
                History history = run.history();
                String name = !named ? null : best ? "best setting" : "others";
                if (!history.evaluations().isEmpty()) {
                    measured = true;
                    var curve = TrainingFigures.evaluationEpochs(history, each -> each.value(metric));
                    if (best) {
                        score.dots(name, curve, Palette.VERMILION);
                    } else {
                        score.faintDots(name, curve, Palette.BLUE, FAINT);
                    }
                }
                if (!history.steps().isEmpty()) {
                    trained = true;
                    loss.line(
                            name,
                            TrainingFigures.averages(history, History.Step::loss),
                            best ? Palette.VERMILION : Palette.BLUE,
                            best ? 2 : 1.2,
                            best ? 1 : FAINT);
                }
                named = false;
            }
        }
        List<Figure> figures = new ArrayList<>();
        if (measured) {
            figures.add(new Figure(
                    "validation",
                    "Validation " + metric.title(),
                    metric.title()
                            + " on the validation set of each trial, by epoch; those of the best setting stand out",
                    score.chart(),
                    TrainingFigures.HALF,
                    TrainingFigures.HEIGHT));
        }
        if (trained) {
            figures.add(new Figure(
                    "loss",
                    "Training loss",
                    "Moving average of each trial's training loss, by epoch; those of the best setting stand out",
                    loss.chart(),
                    TrainingFigures.HALF,
                    TrainingFigures.HEIGHT));
        }
        return figures;
    }
}
