package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.run.History;
import java.util.List;
import java.util.Locale;

/** An evaluation during training. */
record EvaluationRow(String epoch, String step, String trainLoss, String loss, List<String> values, boolean kept) {
    static List<EvaluationRow> of(History history) {
        return history.evaluations().stream()
                .map(each -> new EvaluationRow(
                        String.format(Locale.ROOT, "%.2f", each.epoch()),
                        Format.count(each.step()),
                        Text.score(each.trainLoss()),
                        Text.score(each.loss()),
                        history.metrics().stream()
                                .map(metric -> Text.score(each.value(metric)))
                                .toList(),
                        each.equals(history.best())))
                .toList();
    }
}
