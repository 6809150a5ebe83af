package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.report.ClassPredictions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link dev.ortune.trainer.report.PredictionsFile} wrote; columns that it does not know are left alone. */
final class HoldoutFile {
    static final String LOGIT = "logit_";

    private HoldoutFile() {}

    /**
     * Reads the file.
     *
     * @param role {@code validation} or {@code test}
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static ClassHoldout read(Path file, String role) {
        HoldoutTable table = HoldoutTable.read(file);
        List<String> labels = table.columns(LOGIT);
        if (labels.size() < 2 || !table.has("sentence", "label")) {
            throw table.error("has no columns sentence, logit_… (two at least) and label, so it holds no predictions");
        }
        List<HeldOut> examples = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        List<Integer> right = new ArrayList<>();
        for (HoldoutTable.Row row : table.rows()) {
            examples.add(row.example());
            logits.add(row.numbers(LOGIT, "logit"));
            right.add(label(row, labels));
        }
        return new ClassHoldout(
                role,
                labels,
                examples,
                new ClassPredictions(
                        logits.toArray(float[][]::new),
                        right.stream().mapToInt(Integer::intValue).toArray()));
    }

    private static int label(HoldoutTable.Row row, List<String> labels) {
        String name = row.cell("label", "");
        int label = labels.indexOf(name);
        if (label < 0) {
            throw row.error("\"" + Printable.of(name) + "\" is not one of " + Printable.of(String.join(", ", labels)));
        }
        return label;
    }
}
