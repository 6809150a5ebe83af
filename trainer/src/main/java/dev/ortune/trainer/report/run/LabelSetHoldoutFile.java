package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.LabelSetPredictions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads what {@link dev.ortune.trainer.report.LabelSetPredictionsFile} wrote; other columns are left alone. */
final class LabelSetHoldoutFile {
    private static final String LABEL = "label_";
    private static final double USUAL = 0.5;

    private LabelSetHoldoutFile() {}

    /**
     * Reads the file.
     *
     * @param role {@code validation} or {@code test}
     * @param thresholds of the model, by label; 0.5 where it has none
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static LabelSetHoldout read(Path file, String role, Map<String, Double> thresholds) {
        HoldoutTable table = HoldoutTable.read(file);
        List<String> labels = table.columns(HoldoutFile.LOGIT);
        if (labels.isEmpty() || !table.has("sentence") || !table.columns(LABEL).equals(labels)) {
            throw table.error("has no columns sentence, logit_… and label_…, so it holds no predictions");
        }
        List<HeldOut> examples = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        List<boolean[]> right = new ArrayList<>();
        for (HoldoutTable.Row row : table.rows()) {
            examples.add(row.example());
            logits.add(row.numbers(HoldoutFile.LOGIT, "logit"));
            right.add(right(row.numbers(LABEL, "label")));
        }
        double[] each = labels.stream()
                .mapToDouble(label -> thresholds.getOrDefault(label, USUAL))
                .toArray();
        return new LabelSetHoldout(
                role,
                examples,
                new LabelSetPredictions(labels, logits.toArray(float[][]::new), right.toArray(boolean[][]::new), each));
    }

    private static boolean[] right(float[] numbers) {
        boolean[] right = new boolean[numbers.length];
        for (int label = 0; label < right.length; label++) {
            right[label] = numbers[label] > 0;
        }
        return right;
    }
}
