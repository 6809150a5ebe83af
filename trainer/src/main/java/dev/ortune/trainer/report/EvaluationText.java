package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A model's result on a set, for people and for programs. */
public final class EvaluationText {
    private EvaluationText() {}

    /** A table: the metrics, MCC a batch and the confusion matrix. */
    public static List<String> lines(ClassificationMetrics metrics, BatchMcc batches, List<String> labels) {
        List<String> lines = new ArrayList<>();
        lines.add("sentences  " + Format.count(metrics.count()));
        lines.add("loss       " + Format.score(metrics.loss()));
        lines.add("accuracy   " + Format.score(metrics.accuracy()));
        lines.add("F1         " + Format.score(metrics.f1()));
        lines.add("MCC        " + Format.score(metrics.mcc()));
        lines.add("");
        lines.add("MCC of each batch of " + batches.batchSize() + ", in order (mean " + Format.score(batches.mean())
                + "):");
        lines.add("  " + batches.values().stream().map(Format::score).collect(Collectors.joining(" ")));
        lines.add("");
        lines.add("Confusion matrix (a row for each true label, a column for each predicted one):");
        lines.addAll(matrix(metrics.confusion(), labels));
        return lines;
    }

    /** One object with everything. */
    public static ObjectNode json(ClassificationMetrics metrics, BatchMcc batches, List<String> labels) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("accuracy", metrics.accuracy())
                .put("f1", metrics.f1())
                .put("mcc", metrics.mcc())
                .put("loss", metrics.loss())
                .put("count", metrics.count())
                .put("mcc_batch_mean", batches.mean());
        batches.values().forEach(json.putArray("mcc_batches")::add);
        labels.forEach(json.putArray("labels")::add);
        json.set("confusion_matrix", MetricsJson.matrix(metrics.confusion()));
        return json;
    }

    /** A table of a classifier of words: the metrics, and precision, recall and F1 by type of entity. */
    public static List<String> lines(TokenMetrics metrics) {
        List<String> lines = new ArrayList<>();
        lines.add("sentences  " + Format.count(metrics.count()));
        lines.add("words      " + Format.count(metrics.words().measured()));
        lines.addAll(unmeasured(metrics.words()));
        lines.add("loss       " + Format.score(metrics.loss()));
        metrics.values()
                .forEach((metric, value) ->
                        lines.add(String.format(Locale.ROOT, "%-10s %s", metric.title(), Format.score(value))));
        lines.add("");
        if (!metrics.hasEntities()) {
            lines.add("The labels mark no entities (B-…, I-…), so accuracy alone is measured.");
            return lines;
        }
        lines.add("Entities by type:");
        int width = Math.max(
                4,
                metrics.types().stream()
                        .mapToInt(type -> type.type().length())
                        .max()
                        .orElse(0));
        String format = "  %-" + width + "s  %9s  %9s  %9s  %9s  %9s";
        lines.add(String.format(Locale.ROOT, format, "", "precision", "recall", "F1", "predicted", "number"));
        List<TypeScore> rows = new ArrayList<>(metrics.types());
        rows.add(metrics.all());
        rows.forEach(type -> lines.add(String.format(
                Locale.ROOT,
                format,
                type.type(),
                Format.score(type.precision()),
                Format.score(type.recall()),
                Format.score(type.f1()),
                Format.count(type.predicted()),
                Format.count(type.support()))));
        return lines;
    }

    /** The metrics alone, a line each. */
    public static List<String> plainLines(Metrics metrics) {
        List<String> lines = new ArrayList<>();
        lines.add("sentences  " + Format.count(metrics.count()));
        lines.add("loss       " + Format.score(metrics.loss()));
        metrics.values()
                .forEach((metric, value) ->
                        lines.add(String.format(Locale.ROOT, "%-10s %s", metric.title(), Format.score(value))));
        return lines;
    }

    /** One object with what was measured. */
    public static ObjectNode plainJson(Metrics metrics) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        MetricsJson.put(json, "", metrics);
        return json;
    }

    /** A line on words of which the model saw nothing, where there are any. */
    static List<String> unmeasured(WordCounts words) {
        return words.unmeasured() == 0
                ? List.of()
                : List.of("unmeasured " + Format.count(words.unmeasured())
                        + " words that were cut off or of which no token was made");
    }

    /** A table of a classifier with several labels a text: the metrics, and precision, recall and F1 by label. */
    public static List<String> lines(MultiLabelMetrics metrics) {
        List<String> lines = new ArrayList<>(plainLines(metrics));
        lines.add("");
        lines.add("Labels, each given from its threshold on:");
        int width = metrics.labels().stream()
                .mapToInt(label -> label.name().length())
                .max()
                .orElse(0);
        String format = "  %-" + Math.max(4, width) + "s  %9s  %9s  %9s  %9s  %9s  %9s";
        lines.add(String.format(
                Locale.ROOT, format, "", "threshold", "precision", "recall", "F1", "predicted", "number"));
        metrics.labels()
                .forEach(label -> lines.add(String.format(
                        Locale.ROOT,
                        format,
                        label.name(),
                        Format.score(label.threshold()),
                        Format.score(label.precision()),
                        Format.score(label.recall()),
                        Format.score(label.f1()),
                        Format.count(label.predicted()),
                        Format.count(label.support()))));
        return lines;
    }

    /** One object with everything, and the labels. */
    public static ObjectNode json(Metrics metrics, List<String> labels) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        MetricsJson.put(json, "", metrics);
        labels.forEach(json.putArray("labels")::add);
        return json;
    }

    /** A table of a model's choices. */
    public static List<String> lines(ChoiceMetrics metrics) {
        return List.of(
                "questions  " + Format.count(metrics.count()),
                "loss       " + Format.score(metrics.loss()),
                "accuracy   " + Format.score(metrics.accuracy()),
                "chance     " + Format.score(metrics.chance()));
    }

    /** A table of a model's answers. */
    public static List<String> lines(AnswerMetrics metrics) {
        List<String> lines = new ArrayList<>();
        lines.add("questions    " + Format.count(metrics.count()));
        lines.add("loss         " + Format.score(metrics.loss()));
        metrics.values()
                .forEach((metric, value) ->
                        lines.add(String.format(Locale.ROOT, "%-12s %s", metric.title(), Format.score(value))));
        if (metrics.mayBeNone()) {
            lines.add("");
            lines.add("An answer stands up to a null score of " + Format.score(metrics.threshold()) + ":");
            String format = "  %-12s  %9s  %11s  %9s";
            lines.add(String.format(Locale.ROOT, format, "", "questions", "exact match", "F1"));
            lines.add(row(format, "answerable", metrics.answerable()));
            lines.add(row(format, "unanswerable", metrics.unanswerable()));
            lines.add("");
            lines.add(best("exact match", metrics.best().exactMatch()));
            lines.add(best("F1", metrics.best().f1()));
        }
        return lines;
    }

    private static String row(String format, String name, AnswerScore score) {
        return String.format(
                Locale.ROOT,
                format,
                name,
                Format.count(score.count()),
                Format.score(score.exactMatch()),
                Format.score(score.f1()));
    }

    private static String best(String name, AnswerThreshold best) {
        return "The best " + name + " is " + Format.score(best.score()) + ", with a threshold of "
                + Format.score(best.threshold());
    }

    /** One object with everything of a model's answers. */
    public static ObjectNode json(AnswerMetrics metrics) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        MetricsJson.put(json, "", metrics);
        return json;
    }

    private static List<String> matrix(ConfusionMatrix confusion, List<String> labels) {
        int width = Math.max(8, labels.stream().mapToInt(String::length).max().orElse(0));
        List<String> lines = new ArrayList<>();
        lines.add(row("", labels, width));
        for (int label = 0; label < confusion.classes(); label++) {
            List<String> cells = new ArrayList<>();
            for (long count : confusion.counts()[label]) {
                cells.add(Format.count(count));
            }
            lines.add(row(labels.get(label), cells, width));
        }
        return lines;
    }

    private static String row(String title, List<String> cells, int width) {
        String format = "  %" + width + "s";
        return String.format(Locale.ROOT, format, title)
                + cells.stream()
                        .map(cell -> String.format(Locale.ROOT, format, cell))
                        .collect(Collectors.joining());
    }
}
