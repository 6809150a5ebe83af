package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.ConfusionMatrix;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.statistics.ClassScores;
import dev.ortune.trainer.report.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** One held-out set's part of the tables of results. */
record SetResults(ClassHoldout holdout, ClassScores scores) {
    /** A shade that leaves numbers readable. */
    private static final double DARKEST = 55;

    /** A score of each set. */
    record ScoreRow(String name, List<Value> values) {}

    record Value(String value, String interval) {}

    record ConfusionRow(String label, List<Cell> cells) {}

    record Cell(String count, String colour, String percent, String share) {}

    public String role() {
        return holdout.role();
    }

    public List<String> labels() {
        return holdout.labels();
    }

    static List<ScoreRow> rows(List<SetResults> sets) {
        List<ScoreRow> rows = new ArrayList<>();
        rows.add(row("sentences", sets, set -> plain(Format.count(set.holdout.size()))));
        rows.add(row("loss", sets, set -> score(set.scores.metrics().loss())));
        rows.add(row(
                "accuracy",
                sets,
                set -> score(
                        set.scores.metrics().accuracy(), set.scores.intervals().accuracy())));
        rows.add(row("F1", sets, set -> score(set.scores.metrics().f1())));
        rows.add(row(
                "MCC",
                sets,
                set -> score(set.scores.metrics().mcc(), set.scores.intervals().mcc())));
        rows.add(row(
                "MCC, mean of batches of " + sets.get(0).scores.batches().batchSize(),
                sets,
                set -> score(set.scores.batches().mean())));
        rows.add(row("area under the ROC curve", sets, set -> score(set.scores.auc())));
        rows.add(row("average precision", sets, set -> score(set.scores.averagePrecision())));
        rows.add(row(
                "expected calibration error",
                sets,
                set -> score(set.scores.calibration().expectedError())));
        return rows;
    }

    /** The confusion matrix, shaded by the share of each true label. */
    public List<ConfusionRow> confusion() {
        ConfusionMatrix matrix = scores.metrics().confusion();
        return IntStream.range(0, matrix.classes())
                .mapToObj(label -> new ConfusionRow(
                        labels().get(label),
                        IntStream.range(0, matrix.classes())
                                .mapToObj(predicted -> cell(matrix, label, predicted))
                                .toList()))
                .toList();
    }

    private static Cell cell(ConfusionMatrix matrix, int label, int predicted) {
        return cell(matrix.counts()[label][predicted], matrix.occurrences(label), label == predicted);
    }

    /** A cell of any such table, shaded by its share of its row. */
    static Cell cell(long count, long occurrences, boolean right) {
        double share = (double) count / Math.max(1, occurrences);
        return new Cell(
                Format.count(count),
                right ? "--blue" : "--vermilion",
                Format.decimal(DARKEST * share),
                Text.percent(share));
    }

    private static ScoreRow row(String name, List<SetResults> sets, Function<SetResults, Value> value) {
        return new ScoreRow(name, sets.stream().map(value).toList());
    }

    private static Value plain(String text) {
        return new Value(text, null);
    }

    private static Value score(double value) {
        return plain(Text.score(value));
    }

    private static Value score(double value, Interval interval) {
        return new Value(Text.score(value), Text.interval(interval));
    }
}
