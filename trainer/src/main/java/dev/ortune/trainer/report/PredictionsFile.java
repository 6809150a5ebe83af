package dev.ortune.trainer.report;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.text.Encoding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a model said of each sentence, as a TSV file with a header. */
public final class PredictionsFile {
    private PredictionsFile() {}

    /**
     * Writes sentence, logits, softmax, prediction and label, a line an example in the set's order; then the source,
     * where the set names any, and the number of tokens, special ones and those that were cut off included.
     */
    public static void write(Path file, EncodedDataset encoded, ClassPredictions predictions) {
        Dataset set = encoded.dataset();
        Columns columns = Columns.of(set);
        StringBuilder text = new StringBuilder();
        text.append(String.join("\t", header(set.labels().names(), columns))).append('\n');
        for (int i = 0; i < predictions.size(); i++) {
            text.append(String.join("\t", line(encoded, predictions, i, columns)))
                    .append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Which columns there are that not every set has. */
    private record Columns(boolean pair, boolean source) {
        static Columns of(Dataset set) {
            return new Columns(
                    set.examples().stream().anyMatch(example -> example.pair() != null),
                    set.examples().stream()
                            .anyMatch(example -> !example.source().isEmpty()));
        }
    }

    private static List<String> header(List<String> labels, Columns columns) {
        List<String> cells = new ArrayList<>(columns.pair() ? List.of("sentence", "pair") : List.of("sentence"));
        labels.forEach(label -> cells.add(plain("logit_" + label)));
        labels.forEach(label -> cells.add(plain("probability_" + label)));
        cells.add("prediction");
        cells.add("label");
        if (columns.source()) {
            cells.add("source");
        }
        cells.add("tokens");
        return cells;
    }

    private static List<String> line(EncodedDataset encoded, ClassPredictions predictions, int i, Columns columns) {
        Dataset set = encoded.dataset();
        Example example = set.examples().get(i);
        List<String> cells = new ArrayList<>(List.of(plain(example.text())));
        if (columns.pair()) {
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
        if (columns.source()) {
            cells.add(plain(example.source()));
        }
        Encoding encoding = encoded.encodings().get(i);
        cells.add(String.valueOf(encoding.length() + encoding.truncated()));
        return cells;
    }

    /** TSV has no quotes: a tab or the end of a line inside a text becomes a blank. */
    static String plain(String text) {
        return text.replaceAll("[\\t\\n\\r]", " ");
    }
}
