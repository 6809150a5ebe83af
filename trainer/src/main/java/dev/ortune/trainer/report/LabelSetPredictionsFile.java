package dev.ortune.trainer.report;

import dev.ortune.trainer.data.EncodedDataset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Which labels a model gave to sentences, as a TSV file with a header. */
public final class LabelSetPredictionsFile {
    private static final String SEPARATOR = ",";

    private LabelSetPredictionsFile() {}

    /**
     * Writes sentence, logits, sigmoids, and the labels that were given and those that are right with commas between, a line
     * an example in the set's order; then for each label whether it is right, source and tokens.
     */
    public static void write(Path file, EncodedDataset encoded, LabelSetPredictions predictions) {
        List<String> names = predictions.names();
        List<String> header = new ArrayList<>();
        for (String column : List.of("logit_", "probability_")) {
            names.forEach(label -> header.add(PredictionsFile.plain(column + label)));
        }
        header.add("prediction");
        header.add("label");
        names.forEach(label -> header.add(PredictionsFile.plain("label_" + label)));
        PredictionsFile.write(file, encoded, header, i -> cells(predictions, i));
    }

    private static List<String> cells(LabelSetPredictions predictions, int i) {
        List<String> cells = new ArrayList<>();
        for (float logit : predictions.logits()[i]) {
            cells.add(PredictionsFile.decimals(logit));
        }
        for (int label = 0; label < predictions.names().size(); label++) {
            cells.add(PredictionsFile.decimals(predictions.probability(i, label)));
        }
        cells.add(joined(predictions.given(i)));
        cells.add(joined(predictions.right(i)));
        for (boolean right : predictions.labels()[i]) {
            cells.add(right ? "1" : "0");
        }
        return cells;
    }

    private static String joined(List<String> labels) {
        return labels.stream().map(PredictionsFile::plain).collect(Collectors.joining(SEPARATOR));
    }
}
