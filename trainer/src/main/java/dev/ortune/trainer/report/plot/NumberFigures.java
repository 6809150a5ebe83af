package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.report.NumberPredictions;
import dev.ortune.trainer.report.statistics.Curve;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The numbers that a model gave to a set that was held out. */
public final class NumberFigures {
    private static final int HEIGHT = 360;
    private static final int MOST_POINTS = 3000;
    private static final int BINS = 30;

    private NumberFigures() {}

    /** What it said over what is right, and how far it is off. */
    public static List<Figure> of(NumberPredictions predictions) {
        return List.of(scatter(predictions), residuals(predictions));
    }

    private static Figure scatter(NumberPredictions predictions) {
        double[] labels = predictions.labels();
        double least = Arrays.stream(labels).min().orElse(0);
        double most = Arrays.stream(labels).max().orElse(0);
        double[] ends = {least, most};
        Plot plot = new Plot("label", "prediction")
                .dashes(null, new Curve(ends, ends), Palette.MUTED)
                .cloud("a text", new Curve(labels, predictions.predictions()).thinned(MOST_POINTS), Palette.BLUE, 0.45);
        return new Figure(
                "scatter",
                "Predictions",
                "The number that the model gave over the right one, a dot a text; on the dashed line both are equal",
                plot.chart(),
                TrainingFigures.HALF,
                HEIGHT);
    }

    private static Figure residuals(NumberPredictions predictions) {
        double[] residuals = IntStream.range(0, predictions.size())
                .mapToDouble(predictions::residual)
                .toArray();
        double widest =
                Math.max(1e-6, DoubleStream.of(residuals).map(Math::abs).max().orElse(0));
        double width = 2 * widest / BINS;
        double[] from = IntStream.range(0, BINS)
                .mapToDouble(bin -> -widest + bin * width)
                .toArray();
        double[] counts = new double[BINS];
        for (double residual : residuals) {
            counts[Math.min(BINS - 1, (int) ((residual + widest) / width))]++;
        }
        Plot plot = new Plot("prediction less label", "texts")
                .bars("texts", from, width, counts, Palette.BLUE, 0.8)
                .yFromZero();
        return new Figure(
                "residuals",
                "Residuals",
                "How many texts were given a number so much too high or too low",
                plot.chart(),
                TrainingFigures.HALF,
                HEIGHT);
    }
}
