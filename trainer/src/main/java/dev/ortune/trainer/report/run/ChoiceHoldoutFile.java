package dev.ortune.trainer.report.run;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.report.ChoicePredictions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@link dev.ortune.trainer.report.ChoicePredictionsFile} wrote; other columns are left alone. */
final class ChoiceHoldoutFile {
    private static final String CHOICE = "choice_";
    private static final String LABEL = "label";

    private ChoiceHoldoutFile() {}

    /**
     * Reads the file.
     *
     * @param role {@code validation} or {@code test}
     * @throws OrtuneException that names the file, and the line where there is one
     */
    static ChoiceHoldout read(Path file, String role) {
        HoldoutTable table = HoldoutTable.read(file);
        List<String> places = table.columns(HoldoutFile.LOGIT);
        if (places.size() < 2
                || !table.has("sentence", LABEL)
                || !table.columns(CHOICE).equals(places)) {
            throw table.error("has no columns sentence, choice_…, logit_… and label, so it holds no predictions");
        }
        List<HeldOut> examples = new ArrayList<>();
        List<List<String>> choices = new ArrayList<>();
        List<float[]> logits = new ArrayList<>();
        List<Integer> right = new ArrayList<>();
        for (HoldoutTable.Row row : table.rows()) {
            examples.add(row.example());
            float[] each = logits(row, places);
            logits.add(each);
            choices.add(places.stream()
                    .limit(each.length)
                    .map(place -> row.cell(CHOICE + place, ""))
                    .toList());
            right.add(right(row, each.length));
        }
        return new ChoiceHoldout(
                role,
                examples,
                choices,
                new ChoicePredictions(
                        logits.toArray(float[][]::new),
                        right.stream().mapToInt(Integer::intValue).toArray()));
    }

    /** Those of the row's own choices; columns of more are empty. */
    private static float[] logits(HoldoutTable.Row row, List<String> places) {
        List<String> cells = places.stream()
                .map(place -> row.cell(HoldoutFile.LOGIT + place, ""))
                .takeWhile(cell -> !cell.isEmpty())
                .toList();
        if (cells.size() < 2) {
            throw row.error("has " + cells.size() + " logits; two at least are wanted");
        }
        float[] logits = new float[cells.size()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = row.number(cells.get(i), "logit");
        }
        return logits;
    }

    private static int right(HoldoutTable.Row row, int choices) {
        String text = row.cell(LABEL, "");
        if (text.matches("\\d{1,4}") && Integer.parseInt(text) < choices) {
            return Integer.parseInt(text);
        }
        throw row.error("\"" + Printable.of(text) + "\" is not one of the " + choices + " choices, counted from 0");
    }
}
