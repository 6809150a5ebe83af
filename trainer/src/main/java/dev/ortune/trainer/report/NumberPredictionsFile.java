package dev.ortune.trainer.report;

import dev.ortune.trainer.data.EncodedDataset;
import java.nio.file.Path;
import java.util.List;

/** The numbers that a model gave to sentences, as a TSV file with a header. */
public final class NumberPredictionsFile {
    private NumberPredictionsFile() {}

    /** Writes sentence, prediction and label, a line an example in the set's order, then source and tokens. */
    public static void write(Path file, EncodedDataset encoded, NumberPredictions predictions) {
        PredictionsFile.write(
                file,
                encoded,
                List.of("prediction", "label"),
                i -> List.of(
                        PredictionsFile.decimals(predictions.predictions()[i]),
                        // The shortest form that a float has: labels are read as floats.
                        String.valueOf((float) predictions.labels()[i])));
    }
}
