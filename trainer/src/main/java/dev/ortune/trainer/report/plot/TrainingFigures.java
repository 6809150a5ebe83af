package dev.ortune.trainer.report.plot;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.History;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.Curve;
import dev.ortune.trainer.report.statistics.MovingAverage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** What happened during training: of one run by steps, of several by epochs, since their steps may differ in size. */
public final class TrainingFigures {
    /** About as wide as a report's page, so that its texts are as large as the page's. */
    static final int WIDTH = 940;

    /** Two stand side by side. */
    static final int HALF = 455;

    static final int HEIGHT = 300;

    /** More points than this cannot be told apart. */
    private static final int MOST_POINTS = 1500;

    /** Windows of the moving average that fit into a run. */
    private static final int WINDOWS = 30;

    private static final int NARROWEST = 5;

    private TrainingFigures() {}

    /** Of one run; those for which it wrote anything down. */
    public static List<Figure> of(Run run) {
        History history = run.history();
        List<Figure> figures = new ArrayList<>();
        if (!history.steps().isEmpty()) {
            figures.add(loss(history));
        }
        if (!history.evaluations().isEmpty()) {
            figures.add(validation(history));
        }
        if (history.metrics().contains(Metric.PERPLEXITY)) {
            figures.add(perplexity(history));
        }
        if (!history.steps().isEmpty()) {
            figures.add(learningRate(history));
        }
        if (history.steps().stream().anyMatch(step -> Double.isFinite(step.gradNorm()))) {
            figures.add(gradientNorm(run));
        }
        return figures;
    }

    private static Figure loss(History history) {
        int window = window(history);
        Curve batches = steps(history, History.Step::loss);
        Curve average = new Curve(batches.x(), MovingAverage.of(batches.y(), window));
        Plot plot = bySteps(history, lossName(history))
                .line("a batch", batches.thinned(MOST_POINTS), Palette.BLUE, 0.8, 0.45)
                .line("mean of " + window + " batches", average.thinned(MOST_POINTS), Palette.BLUE, 2.2, 1);
        if (!history.evaluations().isEmpty()) {
            plot.dots("validation", evaluations(history, History.Evaluation::loss), Palette.VERMILION);
        }
        return figure(
                "loss",
                "Loss",
                "Training loss of each batch, its moving average, and the validation loss, by step",
                plot.yFromZero());
    }

    /** What a model that guesses numbers is trained by is no likelihood. */
    private static String lossName(History history) {
        return history.metrics().contains(Metric.PEARSON) ? "loss (squared error)" : "loss (nats)";
    }

    private static Figure validation(History history) {
        List<Metric> metrics = history.metrics();
        Plot plot = bySteps(history, "score");
        List<Metric> drawn = metrics.contains(Metric.MCC)
                ? List.of(Metric.ACCURACY, Metric.MCC)
                : metrics.stream().filter(metric -> !metric.isError()).toList();
        for (int i = 0; i < drawn.size(); i++) {
            Metric metric = drawn.get(i);
            plot.dots(metric.title(), evaluations(history, each -> each.value(metric)), Palette.series(i));
        }
        return metrics.contains(Metric.MCC)
                ? figure(
                        "validation",
                        "Validation accuracy and MCC",
                        "Accuracy and Matthews' correlation coefficient on the validation set, by step",
                        plot.yFromZero())
                : figure(
                        "validation",
                        "Validation scores",
                        "What was measured on the validation set, by step",
                        plot.yFromZero());
    }

    private static Figure perplexity(History history) {
        return figure(
                "perplexity",
                "Validation perplexity",
                "Perplexity of masked words on the validation set, by step",
                bySteps(history, "perplexity")
                        .dots(
                                "perplexity",
                                evaluations(history, each -> each.value(Metric.PERPLEXITY)),
                                Palette.VERMILION)
                        .yFromZero());
    }

    private static Plot bySteps(History history, String y) {
        return new Plot("step", y).xRange(0, Math.max(1, history.lastStep()) * 1.02);
    }

    private static Figure learningRate(History history) {
        return half(
                "learning_rate",
                "Learning rate",
                "Learning rate by step",
                bySteps(history, "learning rate")
                        .line(
                                "learning rate",
                                steps(history, History.Step::learningRate).thinned(MOST_POINTS),
                                Palette.BLUE,
                                2,
                                1)
                        .scientific()
                        .yFromZero());
    }

    private static Figure gradientNorm(Run run) {
        History history = run.history();
        int window = window(history);
        Curve norms = steps(history, History.Step::gradNorm);
        Curve average = new Curve(norms.x(), MovingAverage.of(norms.y(), window));
        Plot plot = bySteps(history, "gradient norm")
                .line("a batch", norms.thinned(MOST_POINTS), Palette.BLUE, 0.8, 0.45)
                .line("mean of " + window + " batches", average.thinned(MOST_POINTS), Palette.BLUE, 2.2, 1)
                .yFromZero();
        double limit = run.arguments().json().path("max_grad_norm").asDouble();
        if (limit > 0) {
            plot.dashes("clipped to", new Curve(ends(norms.x()), new double[] {limit, limit}), Palette.VERMILION);
        }
        return half("gradient_norm", "Gradient norm", "Norm of the gradients before clipping, by step", plot);
    }

    /** Of several runs, their curves in one plot each. */
    public static List<Figure> of(List<Run> runs) {
        String lossName = lossName(runs.get(0).history());
        Plot loss = new Plot("epoch", "training " + lossName).yFromZero();
        Plot validationLoss = new Plot("epoch", "validation " + lossName).yFromZero();
        Metric metric = shown(runs);
        Plot score = new Plot("epoch", "validation " + metric.title());
        Plot norm = new Plot("epoch", "gradient norm").yFromZero();
        Plot rate = new Plot("epoch", "learning rate").scientific().yFromZero();
        for (int i = 0; i < runs.size(); i++) {
            History history = runs.get(i).history();
            String name = runs.get(i).name();
            Palette colour = Palette.series(i);
            loss.line(name, averages(history, History.Step::loss), colour, 2, 1);
            norm.line(name, averages(history, History.Step::gradNorm), colour, 2, 1);
            rate.line(name, epochs(history, History.Step::learningRate).thinned(MOST_POINTS), colour, 2, 1);
            validationLoss.dots(name, evaluationEpochs(history, History.Evaluation::loss), colour);
            score.dots(name, evaluationEpochs(history, each -> each.value(metric)), colour);
        }
        return List.of(
                figure("loss", "Training loss", "Moving average of each run's training loss, by epoch", loss),
                half("validation_loss", "Validation loss", "Validation loss of each run, by epoch", validationLoss),
                half(
                        "validation",
                        "Validation " + metric.title(),
                        metric.title() + " on the validation set of each run, by epoch",
                        score),
                half("gradient_norm", "Gradient norm", "Moving average of each run's gradient norm, by epoch", norm),
                half("learning_rate", "Learning rate", "Learning rate of each run, by epoch", rate));
    }

    /** What runs of one task are compared by. */
    private static Metric shown(List<Run> runs) {
        List<Metric> metrics =
                runs.stream().flatMap(run -> run.history().metrics().stream()).toList();
        return metrics.isEmpty()
                ? Metric.MCC
                : Stream.of(
                                Metric.MCC,
                                Metric.F1,
                                Metric.PEARSON,
                                Metric.F1_MICRO,
                                Metric.TOKEN_ACCURACY,
                                Metric.PERPLEXITY)
                        .filter(metrics::contains)
                        .findFirst()
                        .orElse(Metric.ACCURACY);
    }

    private static Figure figure(String name, String title, String description, Plot plot) {
        return new Figure(name, title, description, plot.chart(), WIDTH, HEIGHT);
    }

    private static Figure half(String name, String title, String description, Plot plot) {
        return new Figure(name, title, description, plot.chart(), HALF, HEIGHT);
    }

    /** An odd number of steps, about a thirtieth of the run. */
    private static int window(History history) {
        return Math.max(NARROWEST, history.steps().size() / WINDOWS) | 1;
    }

    static Curve averages(History history, ToDoubleFunction<History.Step> value) {
        Curve curve = epochs(history, value);
        return new Curve(curve.x(), MovingAverage.of(curve.y(), window(history))).thinned(MOST_POINTS);
    }

    private static Curve steps(History history, ToDoubleFunction<History.Step> y) {
        return curve(history.steps(), History.Step::step, y);
    }

    private static Curve epochs(History history, ToDoubleFunction<History.Step> y) {
        return curve(history.steps(), History.Step::epoch, y);
    }

    private static Curve evaluations(History history, ToDoubleFunction<History.Evaluation> y) {
        return curve(history.evaluations(), History.Evaluation::step, y);
    }

    static Curve evaluationEpochs(History history, ToDoubleFunction<History.Evaluation> y) {
        return curve(history.evaluations(), History.Evaluation::epoch, y);
    }

    private static <T> Curve curve(List<T> records, ToDoubleFunction<T> x, ToDoubleFunction<T> y) {
        return new Curve(
                records.stream().mapToDouble(x).toArray(),
                records.stream().mapToDouble(y).toArray());
    }

    private static double[] ends(double[] x) {
        return new double[] {x[0], x[x.length - 1]};
    }
}
