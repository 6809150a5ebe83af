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
        json.set("confusion_matrix", LogHistory.matrix(metrics.confusion()));
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
