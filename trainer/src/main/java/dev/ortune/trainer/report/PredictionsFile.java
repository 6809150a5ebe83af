package dev.ortune.trainer.report;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Example;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a model said of each sentence, as a TSV file with a header. */
public final class PredictionsFile {
    private PredictionsFile() {}

    /** Writes sentence, logits, softmax, prediction and label, a line an example in the set's order. */
    public static void write(Path file, Dataset set, Predictions predictions) {
        boolean pairs = set.examples().stream().anyMatch(example -> example.pair() != null);
        StringBuilder text = new StringBuilder();
        text.append(String.join("\t", header(set.labels().names(), pairs))).append('\n');
        for (int i = 0; i < predictions.size(); i++) {
            text.append(String.join("\t", line(set, predictions, i, pairs))).append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> header(List<String> labels, boolean pairs) {
        List<String> cells = new ArrayList<>(pairs ? List.of("sentence", "pair") : List.of("sentence"));
        labels.forEach(label -> cells.add(plain("logit_" + label)));
        labels.forEach(label -> cells.add(plain("probability_" + label)));
        cells.add("prediction");
        cells.add("label");
        return cells;
    }

    private static List<String> line(Dataset set, Predictions predictions, int i, boolean pairs) {
        Example example = set.examples().get(i);
        List<String> cells = new ArrayList<>(List.of(plain(example.text())));
        if (pairs) {
            cells.add(example.pair() == null ? "" : plain(example.pair()));
        }
        for (float logit : predictions.logits()[i]) {
            cells.add(String.format(Locale.ROOT, "%.6f", logit));
        }
        for (double probability : predictions.probabilities(i)) {
            cells.add(String.format(Locale.ROOT, "%.6f", probability));
        }
        List<String> names = set.labels().names();
        cells.add(plain(names.get(predictions.prediction(i))));
        cells.add(plain(names.get(example.label())));
        return cells;
    }

    /** TSV has no quotes: a tab or the end of a line inside a text becomes a blank. */
    private static String plain(String text) {
        return text.replaceAll("[\\t\\n\\r]", " ");
    }
}
