package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.ConfusionMatrix;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.run.ClassHoldout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How good a model is on the sentences of one source. */
record SourceRow(String name, String count, String mcc, String accuracy, String percent) {
    /** The largest source first. */
    static List<SourceRow> of(ClassHoldout holdout) {
        List<Map.Entry<String, List<Integer>>> sources =
                new ArrayList<>(holdout.bySource().entrySet());
        sources.sort((a, b) -> Integer.compare(b.getValue().size(), a.getValue().size()));
        return sources.stream()
                .map(source -> of(source.getKey(), holdout, source.getValue()))
                .toList();
    }

    private static SourceRow of(String name, ClassHoldout holdout, List<Integer> examples) {
        int[] labels = examples.stream()
                .mapToInt(i -> holdout.predictions().labels()[i])
                .toArray();
        int[] predictions = examples.stream()
                .mapToInt(i -> holdout.predictions().prediction(i))
                .toArray();
        ConfusionMatrix confusion =
                ConfusionMatrix.of(labels, predictions, holdout.labels().size());
        return new SourceRow(
                name,
                Format.count(examples.size()),
                Text.score(confusion.mcc()),
                Text.score(confusion.accuracy()),
                Format.decimal(100 * confusion.accuracy()));
    }
}
