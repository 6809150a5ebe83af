package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.WrittenPredictions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link dev.ortune.trainer.report.WrittenPredictionsFile} wrote; other columns are left alone. */
final class WrittenHoldoutFile {
    private WrittenHoldoutFile() {}

    /**
     * Reads the file.
     *
     * @param role {@code validation} or {@code test}
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static WrittenHoldout read(Path file, String role) {
        HoldoutTable table = HoldoutTable.read(file);
        if (!table.has("sentence", "target", "prediction", "loss", "target_tokens", "right_tokens")) {
            throw table.error("has no columns sentence, target, prediction, loss, target_tokens and right_tokens, so it"
                    + " holds no predictions");
        }
        List<HeldOut> examples = new ArrayList<>();
        List<String> targets = new ArrayList<>();
        List<String> written = new ArrayList<>();
        int size = table.rows().size();
        double[] losses = new double[size];
        int[] tokens = new int[size];
        int[] right = new int[size];
        for (HoldoutTable.Row row : table.rows()) {
            int example = examples.size();
            losses[example] = row.number(row.cell("loss", ""), "loss");
            tokens[example] = (int) row.number(row.cell("target_tokens", ""), "number of tokens");
            right[example] = (int) row.number(row.cell("right_tokens", ""), "number of tokens");
            targets.add(row.cell("target", ""));
            written.add(row.cell("prediction", ""));
            examples.add(row.example());
        }
        List<String> asked = written.subList(0, Math.min(size, WrittenPredictions.WRITTEN));
        return new WrittenHoldout(role, examples, targets, new WrittenPredictions(losses, tokens, right, asked));
    }
}
