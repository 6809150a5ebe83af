package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.WrittenPredictions;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.run.WrittenHoldout;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.Scores;
import dev.ortune.trainer.report.statistics.WrittenScores;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What was measured of a model that writes: what written.mustache asks for, by its names.
 *
 * @param holdouts the sets, that by which it is judged first
 * @param scores of each, by role
 * @param validated whether the checkpoint was chosen by a validation set
 */
record WrittenResults(List<WrittenHoldout> holdouts, Map<String, WrittenScores> scores, boolean validated)
        implements Results {
    private static final int SHOWN = 20;

    record Row(String sentence, String pair, String target, String prediction, String verdict, String loss) {}

    static WrittenResults of(List<WrittenHoldout> holdouts, boolean validated) {
        Map<String, WrittenScores> scores = new LinkedHashMap<>();
        holdouts.forEach(set -> scores.put(set.role(), (WrittenScores) Scores.of(set)));
        return new WrittenResults(holdouts, scores, validated);
    }

    @Override
    public List<Tile> tiles() {
        return ScoreRows.tiles(judgedRole(), scores.get(judgedRole()));
    }

    @Override
    public List<Figure> figures() {
        return List.of();
    }

    public String judgedRole() {
        return holdouts.get(0).role();
    }

    public List<String> roles() {
        return holdouts.stream().map(WrittenHoldout::role).toList();
    }

    public List<SetResults.ScoreRow> scoreRows() {
        return ScoreRows.of(scores);
    }

    public String intervalNote() {
        return "Behind the scores: 95 % intervals of " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples of the sentences (seed " + Bootstrap.SEED
                + "). The loss is that of a token. A text is an exact match where each of its tokens, the end included, is the"
                + " likeliest after those before it, so that taking the likeliest token each time writes this very text."
                + (validated ? " The checkpoint was chosen by the validation set." : "");
    }

    /** What the model wrote, the first of the set. */
    public List<Row> first() {
        return rows(IntStream.range(0, written()).boxed());
    }

    /** Of what it wrote that which is farthest from right, by the loss of a token. */
    public List<Row> worst() {
        WrittenPredictions predictions = holdouts.get(0).predictions();
        return rows(
                IntStream.range(0, written()).boxed().sorted(Comparator.comparingDouble(i -> -loss(predictions, i))));
    }

    private int written() {
        return holdouts.get(0).predictions().written().size();
    }

    private static double loss(WrittenPredictions predictions, int example) {
        return predictions.losses()[example] / Math.max(1, predictions.tokens()[example]);
    }

    private List<Row> rows(Stream<Integer> examples) {
        WrittenHoldout judged = holdouts.get(0);
        WrittenPredictions predictions = judged.predictions();
        return examples.limit(SHOWN)
                .map(i -> new Row(
                        judged.examples().get(i).sentence(),
                        judged.examples().get(i).pair(),
                        judged.targets().get(i),
                        predictions.written().get(i),
                        predictions.isExact(i) ? "right" : "wrong",
                        Text.score(loss(predictions, i))))
                .toList();
    }
}
