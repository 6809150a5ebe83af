package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.NumberPredictions;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.plot.NumberFigures;
import dev.ortune.trainer.report.run.NumberHoldout;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.NumberScores;
import dev.ortune.trainer.report.statistics.Scores;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What was measured of a regression model: what numbers.mustache asks for, by its names.
 *
 * @param holdouts the sets, that by which it is judged first
 * @param scores of each, by role
 * @param figures of the set by which it is judged
 * @param validated whether the checkpoint was chosen by a validation set
 */
record NumberResults(
        List<NumberHoldout> holdouts, Map<String, NumberScores> scores, List<Figure> figures, boolean validated)
        implements Results {
    private static final int WORST = 20;

    record Row(String sentence, String pair, String label, String prediction, String residual) {}

    static NumberResults of(List<NumberHoldout> holdouts, boolean validated) {
        Map<String, NumberScores> scores = new LinkedHashMap<>();
        holdouts.forEach(set -> scores.put(set.role(), (NumberScores) Scores.of(set)));
        return new NumberResults(
                holdouts, scores, NumberFigures.of(holdouts.get(0).predictions()), validated);
    }

    @Override
    public List<Tile> tiles() {
        return ScoreRows.tiles(judgedRole(), scores.get(judgedRole()));
    }

    public String judgedRole() {
        return holdouts.get(0).role();
    }

    public List<String> roles() {
        return holdouts.stream().map(NumberHoldout::role).toList();
    }

    public List<SetResults.ScoreRow> scoreRows() {
        return ScoreRows.of(scores);
    }

    public String intervalNote() {
        return "Behind the scores: 95 % intervals of " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples of the sentences (seed " + Bootstrap.SEED
                + "). RMSE is in the labels' own unit; the"
                + " loss is its square." + (validated ? " The checkpoint was chosen by the validation set." : "");
    }

    public List<Drawing> drawings() {
        return figures.stream().map(Drawing::of).toList();
    }

    /** The sentences whose numbers are farthest from right. */
    public List<Row> worst() {
        NumberHoldout judged = holdouts.get(0);
        NumberPredictions predictions = judged.predictions();
        return IntStream.range(0, judged.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(predictions.residual(i))))
                .limit(WORST)
                .map(i -> new Row(
                        judged.examples().get(i).sentence(),
                        judged.examples().get(i).pair(),
                        Text.score(predictions.labels()[i]),
                        Text.score(predictions.predictions()[i]),
                        Text.difference(predictions.residual(i))))
                .toList();
    }
}
