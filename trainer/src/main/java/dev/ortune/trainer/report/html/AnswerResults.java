package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.AnswerScore;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.run.AnswerHoldout;
import dev.ortune.trainer.report.statistics.AnswerScores;
import dev.ortune.trainer.report.statistics.Bootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What was measured of a model's answers: what answers.mustache asks for, by its names.
 *
 * @param holdouts the sets, that by which it is judged first
 * @param scores of each, by role
 * @param validated whether the checkpoint was chosen by a validation set
 */
record AnswerResults(List<AnswerHoldout> holdouts, Map<String, AnswerScores> scores, boolean validated)
        implements Results {
    /** Questions by one of their properties. */
    record Table(String title, String name, List<Row> rows) {}

    record Row(String value, String count, String exact, String f1, String percent) {}

    @Override
    public List<Figure> figures() {
        return List.of();
    }

    @Override
    public List<Tile> tiles() {
        return List.of(tile("F1, " + judgedRole() + " set", Metric.F1), tile("Exact match", Metric.EXACT_MATCH));
    }

    private Tile tile(String name, Metric metric) {
        return new Tile(
                name,
                Text.score(metric.of(judged().metrics())),
                "95 %: " + Text.shortInterval(judged().intervals().get(metric)));
    }

    private AnswerScores judged() {
        return scores.get(judgedRole());
    }

    public String judgedRole() {
        return holdouts.get(0).role();
    }

    public List<String> roles() {
        return holdouts.stream().map(AnswerHoldout::role).toList();
    }

    public List<SetResults.ScoreRow> scoreRows() {
        return List.of(
                row(
                        "questions",
                        score -> new SetResults.Value(
                                Format.count(score.metrics().count()), null)),
                row(Metric.EXACT_MATCH.title(), score -> value(score, Metric.EXACT_MATCH)),
                row(Metric.F1.title(), score -> value(score, Metric.F1)));
    }

    private SetResults.ScoreRow row(String name, Function<AnswerScores, SetResults.Value> value) {
        return new SetResults.ScoreRow(
                name, roles().stream().map(scores::get).map(value).toList());
    }

    private static SetResults.Value value(AnswerScores score, Metric metric) {
        return new SetResults.Value(
                Text.score(metric.of(score.metrics())),
                Text.interval(score.intervals().get(metric)));
    }

    /** Of the set by which the model is judged. */
    public List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        judged().groups().forEach(group -> {
            List<Row> rows = new ArrayList<>();
            group.scores().forEach((value, score) -> rows.add(row(value, score)));
            tables.add(new Table("By " + group.name() + ", " + judgedRole() + " set", group.name(), rows));
        });
        return tables;
    }

    private static Row row(String value, AnswerScore score) {
        return new Row(
                value,
                Format.count(score.count()),
                Text.score(score.exactMatch()),
                Text.score(score.f1()),
                Format.decimal(100 * score.f1()));
    }

    public String intervalNote() {
        return "Behind the scores: 95 % intervals of " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples of the questions (seed " + Bootstrap.SEED + "). Exact match and F1 are SQuAD's:"
                + " capitals, punctuation, articles and blanks make no difference, and of several right answers the"
                + " nearest counts."
                + (validated ? " The checkpoint was chosen by the validation set." : "");
    }

    public MarkedAnswer.Page marked() {
        return MarkedAnswer.worst(holdouts.get(0), judged());
    }
}
