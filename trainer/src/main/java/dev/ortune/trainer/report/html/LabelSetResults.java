package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.LabelScore;
import dev.ortune.trainer.report.LabelSetPredictions;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.plot.LabelSetFigures;
import dev.ortune.trainer.report.run.LabelSetHoldout;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.LabelSetScores;
import dev.ortune.trainer.report.statistics.Scores;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What was measured of a classifier with several labels a text: what labelsets.mustache asks for, by its names.
 *
 * @param holdouts the sets, that by which it is judged first
 * @param scores of each, by role
 * @param figures of the set by which it is judged
 * @param validated whether checkpoint and thresholds were chosen by a validation set
 */
record LabelSetResults(
        List<LabelSetHoldout> holdouts, Map<String, LabelSetScores> scores, List<Figure> figures, boolean validated)
        implements Results {
    private static final int WORST = 20;

    /** One held-out set's table of labels. */
    record Part(String role, List<LabelRow> labels) {}

    record LabelRow(
            String label,
            String threshold,
            String precision,
            String recall,
            String f1,
            String predicted,
            String support,
            String percent) {}

    record Row(String sentence, String pair, String label, String prediction, String wrong) {}

    static LabelSetResults of(List<LabelSetHoldout> holdouts, boolean validated) {
        Map<String, LabelSetScores> scores = new LinkedHashMap<>();
        holdouts.forEach(set -> scores.put(set.role(), (LabelSetScores) Scores.of(set)));
        return new LabelSetResults(
                holdouts, scores, LabelSetFigures.of(holdouts.get(0).predictions()), validated);
    }

    @Override
    public List<Tile> tiles() {
        return ScoreRows.tiles(judgedRole(), scores.get(judgedRole()));
    }

    public String judgedRole() {
        return holdouts.get(0).role();
    }

    public List<String> roles() {
        return holdouts.stream().map(LabelSetHoldout::role).toList();
    }

    public List<SetResults.ScoreRow> scoreRows() {
        return ScoreRows.of(scores);
    }

    public String intervalNote() {
        return "Behind the scores: 95 % intervals of " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples of the sentences (seed " + Bootstrap.SEED + "). Micro F1 is that of all decisions"
                + " together, macro F1 the mean of the labels'; an exact match has all labels right; ranking AP is label"
                + " ranking average precision."
                + (validated
                        ? " The checkpoint was chosen by the validation set, and so was each label's threshold, by its F1:"
                                + " figures of that set are a little too good."
                        : "");
    }

    public List<Drawing> drawings() {
        return figures.stream().map(Drawing::of).toList();
    }

    public List<Part> sets() {
        return holdouts.stream()
                .map(set -> new Part(
                        set.role(),
                        scores.get(set.role()).metrics().labels().stream()
                                .map(LabelSetResults::row)
                                .toList()))
                .toList();
    }

    private static LabelRow row(LabelScore score) {
        return new LabelRow(
                score.name(),
                Text.score(score.threshold()),
                Text.score(score.precision()),
                Text.score(score.recall()),
                Text.score(score.f1()),
                Format.count(score.predicted()),
                Format.count(score.support()),
                Format.decimal(100 * score.f1()));
    }

    /** The sentences with the most wrong labels, the surest mistakes first among equals. */
    public List<Row> worst() {
        LabelSetHoldout judged = holdouts.get(0);
        LabelSetPredictions predictions = judged.predictions();
        return IntStream.range(0, judged.size())
                .boxed()
                .filter(i -> wrong(predictions, i) > 0)
                .sorted(Comparator.comparingInt((Integer i) -> -wrong(predictions, i))
                        .thenComparingDouble(i -> -loss(predictions, i)))
                .limit(WORST)
                .map(i -> new Row(
                        judged.examples().get(i).sentence(),
                        judged.examples().get(i).pair(),
                        joined(predictions.right(i)),
                        joined(predictions.given(i)),
                        Format.count(wrong(predictions, i))))
                .toList();
    }

    private static String joined(List<String> labels) {
        return labels.isEmpty() ? "none" : labels.stream().collect(Collectors.joining(", "));
    }

    private static int wrong(LabelSetPredictions predictions, int example) {
        return (int) IntStream.range(0, predictions.names().size())
                .filter(label ->
                        predictions.isGiven(example, label) != predictions.labels()[example][label])
                .count();
    }

    private static double loss(LabelSetPredictions predictions, int example) {
        return IntStream.range(0, predictions.names().size())
                .mapToDouble(label -> Math.abs(
                        predictions.probability(example, label) - (predictions.labels()[example][label] ? 1 : 0)))
                .sum();
    }
}
