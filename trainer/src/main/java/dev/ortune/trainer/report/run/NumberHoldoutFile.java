package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.NumberPredictions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link dev.ortune.trainer.report.NumberPredictionsFile} wrote; other columns are left alone. */
final class NumberHoldoutFile {
    private NumberHoldoutFile() {}

    /**
     * Reads the file.
     *
     * @param role {@code validation} or {@code test}
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static NumberHoldout read(Path file, String role) {
        HoldoutTable table = HoldoutTable.read(file);
        if (!table.has("sentence", "prediction", "label")) {
            throw table.error("has no columns sentence, prediction and label, so it holds no predictions");
        }
        List<HeldOut> examples = new ArrayList<>();
        double[] predictions = new double[table.rows().size()];
        double[] labels = new double[predictions.length];
        for (HoldoutTable.Row row : table.rows()) {
            predictions[examples.size()] = row.number(row.cell("prediction", ""), "number");
            labels[examples.size()] = row.number(row.cell("label", ""), "number");
            examples.add(row.example());
        }
        return new NumberHoldout(role, examples, new NumberPredictions(predictions, labels));
    }
}
