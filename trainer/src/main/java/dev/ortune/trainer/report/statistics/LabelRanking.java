package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.run.ClassHoldout;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A label against all others.
 *
 * @param name the label's
 * @param ranking of the examples by its probability
 */
public record LabelRanking(String name, Ranking ranking) {
    /**
     * Of two labels the second alone, since the first mirrors it; of more each one, the most frequent first; those left
     * out that no example has, or all have.
     */
    public static List<LabelRanking> of(ClassHoldout holdout) {
        int first = holdout.labels().size() == 2 ? 1 : 0;
        return IntStream.range(first, holdout.labels().size())
                .mapToObj(label -> new LabelRanking(
                        holdout.labels().get(label), Ranking.of(holdout.probabilities(label), holdout.has(label))))
                .filter(each -> each.ranking().isDefined())
                .sorted((a, b) ->
                        Long.compare(b.ranking().positives(), a.ranking().positives()))
                .toList();
    }

    /** Mean area under the ROC curve over the labels; NaN without any. */
    public static double macroAuc(List<LabelRanking> rankings) {
        return rankings.stream()
                .mapToDouble(each -> each.ranking().auc())
                .average()
                .orElse(Double.NaN);
    }

    /** Mean average precision over the labels; NaN without any. */
    public static double macroAveragePrecision(List<LabelRanking> rankings) {
        return rankings.stream()
                .mapToDouble(each -> each.ranking().averagePrecision())
                .average()
                .orElse(Double.NaN);
    }
}
