package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.TokenMetrics;
import dev.ortune.trainer.report.TypeScore;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.run.TokenHoldout;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.TokenScores;
import dev.ortune.trainer.report.statistics.TypeConfusion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What was measured of a classifier of words: what words.mustache asks for, by its names.
 *
 * @param holdouts the sets, that by which it is judged first
 * @param scores of each, by role
 * @param validated whether the checkpoint was chosen by a validation set
 */
record TokenResults(List<TokenHoldout> holdouts, Map<String, TokenScores> scores, boolean validated)
        implements Results {
    /** One held-out set's tables. */
    record Part(String role, List<TypeRow> types, List<String> names, List<SetResults.ConfusionRow> confusion) {
        public boolean hasTypes() {
            return !types.isEmpty();
        }
    }

    record TypeRow(
            String type,
            String precision,
            String recall,
            String f1,
            String predicted,
            String support,
            String percent) {}

    @Override
    public List<Figure> figures() {
        return List.of();
    }

    @Override
    public List<Tile> tiles() {
        TokenScores judged = scores.get(judgedRole());
        List<Metric> order = judged.metrics().hasEntities()
                ? List.of(Metric.F1, Metric.PRECISION, Metric.RECALL, Metric.ACCURACY)
                : List.of(Metric.ACCURACY);
        List<Tile> tiles = new ArrayList<>();
        for (Metric metric : order) {
            String title = metric.title().substring(0, 1).toUpperCase(Locale.ROOT)
                    + metric.title().substring(1);
            tiles.add(new Tile(
                    tiles.isEmpty() ? title + ", " + judgedRole() + " set" : title,
                    Text.score(metric.of(judged.metrics())),
                    "95 %: " + Text.shortInterval(judged.intervals().get(metric))));
        }
        return tiles;
    }

    public String judgedRole() {
        return holdouts.get(0).role();
    }

    public List<Part> sets() {
        return holdouts.stream().map(this::part).toList();
    }

    private Part part(TokenHoldout holdout) {
        TokenScores score = scores.get(holdout.role());
        TypeConfusion confusion = score.confusion();
        List<SetResults.ConfusionRow> rows = IntStream.range(
                        0, confusion.names().size())
                .mapToObj(row -> new SetResults.ConfusionRow(
                        confusion.names().get(row),
                        IntStream.range(0, confusion.names().size())
                                .mapToObj(column -> SetResults.cell(
                                        confusion.counts()[row][column], confusion.occurrences(row), row == column))
                                .toList()))
                .toList();
        return new Part(holdout.role(), types(score.metrics()), confusion.names(), rows);
    }

    private static List<TypeRow> types(TokenMetrics metrics) {
        if (!metrics.hasEntities()) {
            return List.of();
        }
        List<TypeScore> all = new ArrayList<>(metrics.types());
        all.add(metrics.all());
        return all.stream()
                .map(type -> new TypeRow(
                        type.type(),
                        Text.score(type.precision()),
                        Text.score(type.recall()),
                        Text.score(type.f1()),
                        Format.count(type.predicted()),
                        Format.count(type.support()),
                        Format.decimal(100 * type.f1())))
                .toList();
    }

    public List<SetResults.ScoreRow> scoreRows() {
        List<SetResults.ScoreRow> rows = new ArrayList<>();
        rows.add(row("sentences", role -> count(scores.get(role).metrics().count())));
        rows.add(row("words", role -> count(scores.get(role).metrics().words().measured())));
        rows.add(row(
                "words not measured",
                role -> count(scores.get(role).metrics().words().unmeasured())));
        scores.get(judgedRole())
                .intervals()
                .keySet()
                .forEach(metric -> rows.add(row(metric.title(), role -> value(scores.get(role), metric))));
        return rows;
    }

    private SetResults.ScoreRow row(String name, Function<String, SetResults.Value> value) {
        return new SetResults.ScoreRow(
                name, holdouts.stream().map(TokenHoldout::role).map(value).toList());
    }

    private static SetResults.Value count(long number) {
        return new SetResults.Value(Format.count(number), null);
    }

    private static SetResults.Value value(TokenScores score, Metric metric) {
        boolean there = score.intervals().containsKey(metric);
        return there
                ? new SetResults.Value(
                        Text.score(metric.of(score.metrics())),
                        Text.interval(score.intervals().get(metric)))
                : new SetResults.Value("–", null);
    }

    public String intervalNote() {
        boolean entities = scores.get(judgedRole()).metrics().hasEntities();
        return "Behind the scores: 95 % intervals of " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples of the sentences (seed " + Bootstrap.SEED + "). "
                + (entities
                        ? "An entity counts where its type and both its ends are right; precision, recall and F1 are those"
                                + " of all entities together, as seqeval has them. Accuracy is that of words."
                        : "The labels mark no entities (B-…, I-…), so accuracy of words alone is measured.")
                + (validated ? " The checkpoint was chosen by the validation set." : "");
    }

    public String confusionNote() {
        return "Word by word: which type the words of each were taken for. "
                + (scores.get(judgedRole()).metrics().hasEntities()
                        ? "Words outside of any entity are " + TypeConfusion.NONE + "."
                        : "");
    }

    public MarkedSentence.Page marked() {
        return MarkedSentence.worst(holdouts.get(0));
    }
}
