package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.ChoicePredictions;
import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.run.ChoiceHoldout;
import dev.ortune.trainer.report.run.HeldOut;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.ChoiceScores;
import dev.ortune.trainer.report.statistics.Scores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What was measured of a model that chooses: what choices.mustache and chosen.mustache ask for, by their names.
 *
 * @param holdouts the sets, that by which it is judged first
 * @param scores of each, by role
 * @param validated whether the checkpoint was chosen by a validation set
 */
record ChoiceResults(List<ChoiceHoldout> holdouts, Map<String, ChoiceScores> scores, boolean validated)
        implements Results {
    private static final int WORST = 20;

    record Table(String title, String name, List<Row> rows) {}

    record Row(String value, String count, String chosen, String accuracy, String percent) {}

    /** An example with all its choices. */
    record Case(String text, String begun, List<Choice> choices) {}

    record Choice(String text, String probability, String percent, boolean right, boolean predicted) {}

    static ChoiceResults of(List<ChoiceHoldout> holdouts, boolean validated) {
        Map<String, ChoiceScores> scores = new LinkedHashMap<>();
        holdouts.forEach(set -> scores.put(set.role(), (ChoiceScores) Scores.of(set)));
        return new ChoiceResults(holdouts, scores, validated);
    }

    @Override
    public List<Figure> figures() {
        return List.of();
    }

    @Override
    public List<Tile> tiles() {
        ChoiceScores judged = scores.get(judgedRole());
        List<Tile> tiles = new ArrayList<>(ScoreRows.tiles(judgedRole(), judged));
        tiles.add(new Tile("Chance", Text.score(judged.metrics().chance()), "what guessing would get right"));
        return tiles;
    }

    public String judgedRole() {
        return holdouts.get(0).role();
    }

    public List<String> roles() {
        return holdouts.stream().map(ChoiceHoldout::role).toList();
    }

    public List<SetResults.ScoreRow> scoreRows() {
        return ScoreRows.of(scores);
    }

    public String intervalNote() {
        return "Behind the scores: 95 % intervals of " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples of the questions (seed " + Bootstrap.SEED
                + "). The loss is the cross entropy over"
                + " each question's choices."
                + (validated ? " The checkpoint was chosen by the validation set." : "");
    }

    /** Of the set by which the model is judged. */
    public List<Table> tables() {
        return scores.get(judgedRole()).groups().stream()
                .map(group -> new Table(
                        "By " + group.name() + ", " + judgedRole() + " set",
                        group.name(),
                        group.rows().stream().map(ChoiceResults::row).toList()))
                .toList();
    }

    private static Row row(ChoiceScores.Group group) {
        return new Row(
                String.valueOf(group.value()),
                Format.count(group.count()),
                group.chosen() < 0 ? "–" : Format.count(group.chosen()),
                Text.score(group.accuracy()),
                Format.decimal(100 * group.accuracy()));
    }

    public String worstNote() {
        return "Questions of the " + judgedRole()
                + " set whose right choice has the least probability: the model's real"
                + " mistakes, or labels to look at again. The right choice is marked, the model's underlined; places are"
                + " counted from 0.";
    }

    /** The examples whose right choice is least likely, the worst first. */
    public List<Case> worst() {
        ChoiceHoldout judged = holdouts.get(0);
        ChoicePredictions predictions = judged.predictions();
        return IntStream.range(0, judged.size())
                .filter(i -> !predictions.isRight(i))
                .boxed()
                .sorted(Comparator.comparingDouble(
                        i -> predictions.probabilities(i)[predictions.right()[i]]))
                .limit(WORST)
                .map(i -> example(judged, i))
                .toList();
    }

    private static Case example(ChoiceHoldout judged, int i) {
        ChoicePredictions predictions = judged.predictions();
        HeldOut example = judged.examples().get(i);
        double[] probabilities = predictions.probabilities(i);
        List<Choice> choices = IntStream.range(0, probabilities.length)
                .mapToObj(choice -> new Choice(
                        judged.choices().get(i).get(choice),
                        Text.percent(probabilities[choice]),
                        Format.decimal(100 * probabilities[choice]),
                        choice == predictions.right()[i],
                        choice == predictions.prediction(i)))
                .toList();
        return new Case(example.sentence(), example.pair(), choices);
    }
}
