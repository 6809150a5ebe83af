package dev.ortune.trainer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run in words and tables, for a terminal or a log file. */
final class RunText {
    /** Of fresh weights: a head has fewer, a model from scratch has dozens. */
    private static final int MOST_NAMES = 8;

    private RunText() {}

    static List<String> lines(RunDescription run) {
        List<String> lines = new ArrayList<>();
        lines.add("Model       " + run.start().pretrained() + ", "
                + Format.count(run.start().parameters()) + " parameters");
        if (run.start().trained() < run.start().parameters()) {
            lines.add("Trains      " + Format.count(run.start().trained()) + " of them, "
                    + Format.percent(run.start().trained(), run.start().parameters()));
        }
        run.sets().forEach((role, set) -> lines.add(set(role, set)));
        if (!run.labels().isEmpty()) {
            lines.add("Labels      " + String.join(", ", run.labels()));
        }
        run.notices().forEach(notice -> lines.add("Note        " + notice));
        int truncated = run.truncated();
        if (truncated > 0) {
            lines.add("Truncated   " + Format.count(truncated) + (truncated == 1 ? " sentence" : " sentences")
                    + " beyond --max-length");
        }
        if (run.unseenWords() > 0) {
            lines.add("Unseen      " + Format.count(run.unseenWords()) + (run.unseenWords() == 1 ? " word" : " words")
                    + " that were cut off or of which no token is made; they are not measured");
        }
        if (!run.start().initialised().isEmpty()) {
            lines.add("Initialised " + named(run.start().initialised()) + " (no file held them)");
        }
        lines.add("Runs on     " + run.hardware().withThreads(run.threads()));
        lines.add("Steps       " + Format.count(run.totalSteps()) + " in " + run.epochs()
                + (run.epochs() == 1 ? " epoch" : " epochs"));
        return lines;
    }

    /** All of them, unless they are too many to be read. */
    private static String named(List<String> weights) {
        return weights.size() <= MOST_NAMES
                ? String.join(", ", weights)
                : weights.get(0) + ", … " + Format.count(weights.size()) + " weights";
    }

    private static String set(String role, DatasetSummary set) {
        String title = role.substring(0, 1).toUpperCase(Locale.ROOT) + role.substring(1);
        String what = set.examples() == 0
                ? Format.count(set.sequences()) + " sequences"
                : set.sequences() == set.examples()
                        ? Format.count(set.examples()) + " sentences"
                        : Format.count(set.examples()) + " questions " + (set.choices() ? "with " : "in ")
                                + Format.count(set.sequences()) + (set.choices() ? " choices" : " windows");
        return String.format(
                Locale.ROOT,
                "%-11s %s: %s of %.1f tokens (longest %d)",
                title,
                set.name(),
                what,
                set.meanLength(),
                set.maxLength());
    }

    static String line(StepRecord step) {
        return String.format(
                Locale.ROOT,
                "epoch %d/%d  step %d/%d  loss %.4f  lr %.2e  %.1f sentences/s  %s left%s",
                epoch(step),
                step.at().epochs(),
                step.step(),
                step.totalSteps(),
                step.loss(),
                step.learningRate(),
                step.pace().sentencesPerSecond(),
                Format.duration(step.pace().secondsLeft()),
                overflowed(step));
    }

    /** Some steps without an update are usual in fp16 as long as the loss's scale is being found. */
    static String overflowed(StepRecord step) {
        return step.overflowed() == 0 ? "" : ", " + step.overflowed() + " overflowed";
    }

    /** The epoch a step belongs to, counted from 1. */
    static int epoch(StepRecord step) {
        return Math.max(1, (int) Math.ceil(step.at().epoch() - 1e-9));
    }

    static String line(EvaluationRecord evaluation) {
        StringBuilder values = new StringBuilder();
        evaluation
                .metrics()
                .values()
                .forEach((metric, value) ->
                        values.append(String.format(Locale.ROOT, "  %s %.4f", metric.title(), value)));
        return String.format(
                Locale.ROOT,
                "epoch %.4g  step %d  train loss %.4f  validation loss %.4f%s%s",
                evaluation.epoch(),
                evaluation.step(),
                evaluation.trainLoss(),
                evaluation.metrics().loss(),
                values,
                evaluation.best() ? "  (best so far)" : "");
    }

    static List<String> lines(RunSummary summary) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        if (summary.evaluations().isEmpty()) {
            lines.add("train loss " + Format.score(summary.loop().trainLoss()));
        } else {
            EvaluationRecord best = summary.best();
            lines.add(header(best));
            summary.evaluations().forEach(evaluation -> lines.add(row(evaluation, evaluation.equals(best))));
            lines.add("* the best, which was kept");
        }
        if (summary.loop().skipped() > 0) {
            lines.add("skipped   " + Format.count(summary.loop().skipped())
                    + (summary.loop().skipped() == 1 ? " step" : " steps") + " whose loss or gradient was no number");
        }
        if (summary.loop().overflowed() > 0) {
            lines.add("overflowed " + Format.count(summary.loop().overflowed())
                    + (summary.loop().overflowed() == 1 ? " step" : " steps")
                    + " in half precision, without an update; the loss was scaled by less from then on");
        }
        if (summary.loop().stoppedEarly()) {
            lines.add("stopped early, after " + summary.loop().steps() + " steps");
        }
        lines.add("");
        if (summary.test() != null) {
            lines.addAll(test(summary.test(), summary.testBatches()));
        }
        lines.add("time      " + Format.duration(summary.loop().seconds()) + ", "
                + Format.decimal(summary.loop().sentencesPerSecond()) + " sentences/s");
        lines.add("model     " + summary.out());
        if (summary.report() != null) {
            lines.add("report    " + summary.report());
        }
        return lines;
    }

    private static String header(EvaluationRecord evaluation) {
        StringBuilder header = new StringBuilder(" epoch    step  train loss  val. loss");
        evaluation.metrics().values().keySet().forEach(metric -> header.append(cell(metric, "s", metric.title())));
        return header.toString();
    }

    private static String row(EvaluationRecord evaluation, boolean best) {
        StringBuilder values = new StringBuilder();
        evaluation.metrics().values().forEach((metric, value) -> values.append(cell(metric, ".4f", value)));
        return String.format(
                Locale.ROOT,
                "%6.2f  %6d  %10.4f  %9.4f%s%s",
                evaluation.epoch(),
                evaluation.step(),
                evaluation.trainLoss(),
                evaluation.metrics().loss(),
                values,
                best ? " *" : "");
    }

    /** As wide as the metric's title and as a score. */
    private static String cell(Metric metric, String format, Object content) {
        return String.format(Locale.ROOT, "  %" + Math.max(6, metric.title().length()) + format, content);
    }

    private static List<String> test(Metrics test, BatchMcc batches) {
        List<String> lines = new ArrayList<>();
        lines.add("test      " + Format.count(test.count()) + " sentences, loss " + Format.score(test.loss()));
        test.values()
                .forEach((metric, value) ->
                        lines.add(String.format(Locale.ROOT, "%-9s %s", metric.title(), Format.score(value))
                                + (metric == Metric.MCC && batches != null ? average(batches) : "")));
        if (test instanceof AnswerMetrics answers && answers.mayBeNone()) {
            lines.add(
                    "threshold " + Format.score(answers.threshold()) + ", the null score up to which an answer stands");
        }
        if (test instanceof TokenMetrics tokens) {
            lines.addAll(EvaluationText.unmeasured(tokens.words()));
        }
        return lines;
    }

    private static String average(BatchMcc batches) {
        return " over the whole set, " + Format.score(batches.mean()) + " on average over batches of "
                + batches.batchSize();
    }
}
