package dev.ortune.trainer.report.html;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.run.HeldOut;
import java.util.List;

/** All predictions as JSON inside a page; predictions.js reads it. */
final class PredictionsData {
    private PredictionsData() {}

    /**
     * An object with {@code labels}, {@code sets}, {@code hasSources} and {@code rows}, each of which is
     * {@code [set, sentence, pair, source, label, logits]}.
     *
     * @return JSON without {@code <}, {@code >} and {@code &}, so that no sentence ends the element around it
     */
    static String of(List<ClassHoldout> sets) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        sets.get(0).labels().forEach(json.putArray("labels")::add);
        sets.forEach(set -> json.withArray("sets").add(set.role()));
        json.put("hasSources", hasSources(sets));
        ArrayNode rows = json.putArray("rows");
        for (int set = 0; set < sets.size(); set++) {
            for (int i = 0; i < sets.get(set).size(); i++) {
                add(rows.addArray(), set, sets.get(set), i);
            }
        }
        return json.toString()
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    static boolean hasSources(List<ClassHoldout> sets) {
        return sets.stream().anyMatch(set -> set.examples().stream()
                .anyMatch(example -> !example.source().isEmpty()));
    }

    private static void add(ArrayNode row, int set, ClassHoldout holdout, int i) {
        HeldOut example = holdout.examples().get(i);
        row.add(set)
                .add(example.sentence())
                .add(example.pair())
                .add(example.source())
                .add(holdout.predictions().labels()[i]);
        ArrayNode logits = row.addArray();
        for (float logit : holdout.predictions().logits()[i]) {
            logits.add(logit);
        }
    }
}
