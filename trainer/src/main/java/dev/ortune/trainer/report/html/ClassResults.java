package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.Calibration;
import dev.ortune.trainer.report.statistics.ClassScores;
import java.util.List;
import java.util.Map;

/**
 * What was measured of a classifier of whole texts: what classes.mustache asks for, by its names.
 *
 * @param holdouts the sets, that by which it is judged first
 * @param scores of each, by role
 * @param figures of the set by which it is judged
 * @param validated whether the checkpoint was chosen by a validation set
 */
record ClassResults(
        List<ClassHoldout> holdouts, Map<String, ClassScores> scores, List<Figure> figures, boolean validated)
        implements Results {
    @Override
    public List<Tile> tiles() {
        return Tile.of(judged(), judgedScores());
    }

    public String judgedRole() {
        return judged().role();
    }

    public List<SetResults> sets() {
        return holdouts.stream()
                .map(set -> new SetResults(set, scores.get(set.role())))
                .toList();
    }

    public List<SetResults.ScoreRow> scoreRows() {
        return SetResults.rows(sets());
    }

    public String intervalNote() {
        return "Behind accuracy and MCC: 95 % intervals of " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples (seed " + Bootstrap.SEED + ")."
                + (judged().labels().size() == 2
                        ? " F1, ROC and precision are of " + judged().labels().get(1) + "."
                        : " F1, ROC and precision are means over the labels, each against all others.")
                + (!validated ? "" : " The checkpoint was chosen by the validation set.");
    }

    public List<Drawing> judgedFigures() {
        return figures.stream()
                .map(figure -> Drawing.of(figure, caption(figure.name())))
                .toList();
    }

    private String caption(String figure) {
        return switch (figure) {
            case "mcc_batches" ->
                "Each batch of 32 sentences in order, as the tutorial on CoLA computes it. So few sentences make MCC jump"
                        + " about; that of the whole set is the one to compare models by.";
            case "reliability" ->
                "On the dashed line a model is right as often as it says. Expected calibration error "
                        + Text.score(judgedScores().calibration().expectedError()) + " in " + Calibration.BINS
                        + " bins.";
            default -> "";
        };
    }

    public boolean hasSources() {
        return !sources().isEmpty();
    }

    public List<SourceRow> sources() {
        return SourceRow.of(judged());
    }

    public List<SentenceList> sentenceLists() {
        return SentenceList.of(judged());
    }

    public boolean hasSourceColumn() {
        return PredictionsData.hasSources(holdouts);
    }

    public String data() {
        return PredictionsData.of(holdouts);
    }

    public String logitsNote() {
        return "Logits and softmax stand in the order "
                + String.join(", ", judged().labels())
                + "; a click on a heading sorts (logits and softmax by the last label), another turns the order round.";
    }

    private ClassHoldout judged() {
        return holdouts.get(0);
    }

    private ClassScores judgedScores() {
        return scores.get(judged().role());
    }
}
