package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.report.BatchMcc;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.statistics.Calibration;
import dev.ortune.trainer.report.statistics.ClassScores;
import dev.ortune.trainer.report.statistics.Curve;
import dev.ortune.trainer.report.statistics.LabelRanking;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What a model says of a set that was held out. */
public final class HoldoutFigures {
    private static final int SQUARE_HEIGHT = 360;

    /** More labels' curves than this nobody can follow. */
    private static final int MOST_LABELS = 6;

    private static final int MOST_POINTS = 600;
    private static final Curve DIAGONAL = new Curve(new double[] {0, 1}, new double[] {0, 1});

    private HoldoutFigures() {}

    /** Of one model. */
    public static List<Figure> of(ClassScores scores) {
        List<Figure> figures = new ArrayList<>();
        Plot roc = rocPlot();
        Plot precisionRecall = precisionRecallPlot();
        List<LabelRanking> rankings = scores.rankings();
        for (int i = 0; i < Math.min(MOST_LABELS, rankings.size()); i++) {
            LabelRanking each = rankings.get(i);
            curves(roc, precisionRecall, each.name(), each, Palette.series(i));
        }
        if (!rankings.isEmpty()) {
            figures.add(roc(roc));
            figures.add(precisionRecall(precisionRecall));
        }
        figures.add(reliability(reliabilityPlot().dots("accuracy", points(scores.calibration()), Palette.BLUE)));
        figures.add(confidence(scores.calibration()));
        figures.add(batches(scores));
        return figures;
    }

    /**
     * Of several models, each by the set it was asked about.
     *
     * @param names of the models
     * @param scores of each; null where a model was asked about nothing
     */
    public static List<Figure> of(List<String> names, List<ClassScores> scores) {
        Plot roc = rocPlot();
        Plot precisionRecall = precisionRecallPlot();
        Plot reliability = reliabilityPlot();
        boolean ranked = false;
        for (int i = 0; i < names.size(); i++) {
            if (scores.get(i) == null) {
                continue;
            }
            List<LabelRanking> rankings = scores.get(i).rankings();
            if (rankings.size() == 1) {
                curves(roc, precisionRecall, names.get(i), rankings.get(0), Palette.series(i));
                ranked = true;
            }
            reliability.dots(names.get(i), points(scores.get(i).calibration()), Palette.series(i));
        }
        return ranked
                ? List.of(roc(roc), precisionRecall(precisionRecall), reliability(reliability))
                : List.of(reliability(reliability));
    }

    private static void curves(Plot roc, Plot precisionRecall, String name, LabelRanking each, Palette colour) {
        String auc = name + ", AUC " + Format.score(each.ranking().auc());
        String average = name + ", AP " + Format.score(each.ranking().averagePrecision());
        roc.line(auc, each.ranking().roc().thinned(MOST_POINTS), colour, 2, 1);
        precisionRecall.line(average, each.ranking().precisionRecall().thinned(MOST_POINTS), colour, 2, 1);
    }

    private static Plot rocPlot() {
        return new Plot("false positive rate", "true positive rate")
                .xRange(0, 1.01)
                .yRange(0, 1.02);
    }

    private static Plot precisionRecallPlot() {
        return new Plot("recall", "precision").xRange(0, 1.01).yRange(0, 1.02);
    }

    private static Plot reliabilityPlot() {
        return new Plot("probability of the predicted label", "accuracy")
                .dashes(null, DIAGONAL, Palette.MUTED)
                .xRange(0, 1.01)
                .yRange(0, 1.02);
    }

    private static Figure roc(Plot plot) {
        plot.dashes(null, DIAGONAL, Palette.MUTED);
        return square("roc", "ROC curve", "True positive rate over false positive rate for every threshold", plot);
    }

    private static Figure precisionRecall(Plot plot) {
        return square("precision_recall", "Precision and recall", "Precision over recall for every threshold", plot);
    }

    private static Figure reliability(Plot plot) {
        return square(
                "reliability",
                "Reliability",
                "Accuracy over the probability that the model gave its predictions",
                plot);
    }

    private static Figure confidence(Calibration calibration) {
        List<Calibration.Bin> bins = calibration.bins();
        double width = 1.0 / bins.size();
        double[] from = bins.stream().mapToDouble(Calibration.Bin::from).toArray();
        double[] middle =
                bins.stream().mapToDouble(bin -> bin.from() + width / 2).toArray();
        double[] right = bins.stream()
                .mapToDouble(bin -> Math.rint(bin.count() * bin.accuracy()))
                .toArray();
        double[] wrong = IntStream.range(0, right.length)
                .mapToDouble(bin -> bins.get(bin).count() - right[bin])
                .toArray();
        Plot plot = new Plot("probability of the predicted label", "predictions")
                .bars("right", from, width / 2, right, Palette.BLUE, 0.8)
                .bars("wrong", middle, width / 2, wrong, Palette.VERMILION, 0.8)
                .xRange(0, 1.01)
                .yFromZero();
        return square("confidence", "Confidence", "How probable right and wrong predictions were to the model", plot);
    }

    private static Figure batches(ClassScores scores) {
        BatchMcc batches = scores.batches();
        double[] values =
                batches.values().stream().mapToDouble(Double::doubleValue).toArray();
        double[] from = IntStream.range(0, values.length)
                .mapToDouble(batch -> batch + 0.5)
                .toArray();
        double mcc = scores.metrics().mcc();
        Plot plot = new Plot("batch of " + batches.batchSize(), "MCC")
                .bars("a batch", from, 1, values, Palette.BLUE, 0.7)
                .line("whole set " + Format.score(mcc), level(values.length, mcc), Palette.VERMILION, 2, 1)
                .dashes(
                        "mean of the batches " + Format.score(batches.mean()),
                        level(values.length, batches.mean()),
                        Palette.INK)
                .xRange(0.4, values.length + 0.6)
                .wholeX()
                .yFromZero();
        return new Figure(
                "mcc_batches",
                "MCC a batch",
                "Matthews' correlation coefficient of each batch beside that of the whole set",
                plot.chart(),
                TrainingFigures.WIDTH,
                TrainingFigures.HEIGHT);
    }

    private static Curve level(int batches, double y) {
        return new Curve(new double[] {0.5, batches + 0.5}, new double[] {y, y});
    }

    private static Curve points(Calibration calibration) {
        List<Calibration.Bin> filled =
                calibration.bins().stream().filter(bin -> bin.count() > 0).toList();
        return new Curve(
                filled.stream().mapToDouble(Calibration.Bin::confidence).toArray(),
                filled.stream().mapToDouble(Calibration.Bin::accuracy).toArray());
    }

    private static Figure square(String name, String title, String description, Plot plot) {
        return new Figure(name, title, description, plot.chartWithLegend(), TrainingFigures.HALF, SQUARE_HEIGHT);
    }
}
