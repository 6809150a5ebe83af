package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Format;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.run.Arguments;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.Reproduction;
import dev.ortune.trainer.report.run.Run;
import dev.ortune.trainer.report.statistics.Bootstrap;
import dev.ortune.trainer.report.statistics.Calibration;
import dev.ortune.trainer.report.statistics.Scores;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The report on one run: what report.mustache asks for, by its names.
 *
 * @param run the run
 * @param scores of the sets that were held out, by role
 * @param trainingFigures of its steps and evaluations
 * @param resultFigures of the set by which it is judged
 * @param lengthFigure of the sets' lengths, or null
 */
record ReportPage(
        Run run,
        Map<String, Scores> scores,
        List<Figure> trainingFigures,
        List<Figure> resultFigures,
        Figure lengthFigure) {
    /** Where the tokens of a sentence were cut off. */
    static int maxLength(Run run) {
        return run.arguments().integer("/max_length", Integer.MAX_VALUE);
    }

    String html() {
        return Template.page("report", new Template.Frame(run.name()), this);
    }

    public String lead() {
        Arguments.DataFile train = run.arguments().data().get("train");
        String pretrained = run.arguments().text("/pretrained");
        return "Fine-tuned from " + pretrained.substring(pretrained.lastIndexOf('/') + 1)
                + (train == null ? "" : " on " + train.name() + ", " + Text.count(train.examples(), "sentence"));
    }

    public String interrupted() {
        if (run.isComplete()) {
            return null;
        }
        return "This run did not get to its end: "
                + (run.history().steps().isEmpty()
                        ? "no step was written down."
                        : "the last step that was written down is "
                                + run.history().lastStep() + ". Below is what there is.");
    }

    public boolean hasTiles() {
        return judged();
    }

    public List<Tile> tiles() {
        return judged() ? Tile.of(run.judged(), judgedScores()) : List.of();
    }

    public List<Entry> facts() {
        return Facts.glance(run);
    }

    public boolean training() {
        return !trainingFigures.isEmpty();
    }

    public List<Drawing> figures() {
        return trainingFigures.stream().map(Drawing::of).toList();
    }

    public boolean hasEvaluations() {
        return !run.history().evaluations().isEmpty();
    }

    public List<EvaluationRow> evaluations() {
        return EvaluationRow.of(run.history());
    }

    public boolean judged() {
        return run.judged() != null;
    }

    public String judgedRole() {
        return judged() ? run.judged().role() : "";
    }

    public List<SetResults> sets() {
        return holdouts().stream()
                .map(set -> new SetResults(set, scores.get(set.role())))
                .toList();
    }

    public List<SetResults.ScoreRow> scoreRows() {
        return SetResults.rows(sets());
    }

    public String intervalNote() {
        return "Behind accuracy and MCC: 95 % intervals of " + Format.count(Bootstrap.SAMPLES)
                + " bootstrap samples (seed " + Bootstrap.SEED + ")."
                + (run.judged().labels().size() == 2
                        ? " F1, ROC and precision are of "
                                + run.judged().labels().get(1) + "."
                        : " F1, ROC and precision are means over the labels, each against all others.")
                + (run.validation() == null ? "" : " The checkpoint was chosen by the validation set.");
    }

    public List<Drawing> judgedFigures() {
        return resultFigures.stream()
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
        return SourceRow.of(run.judged());
    }

    public Lengths lengths() {
        return lengthFigure == null ? null : Lengths.of(run, lengthFigure, maxLength(run));
    }

    public List<SentenceList> sentenceLists() {
        return SentenceList.of(run.judged());
    }

    public boolean hasSourceColumn() {
        return PredictionsData.hasSources(holdouts());
    }

    public String data() {
        return PredictionsData.of(holdouts());
    }

    public String logitsNote() {
        return "Logits and softmax stand in the order "
                + String.join(", ", run.judged().labels())
                + "; a click on a heading sorts (logits and softmax by the last label), another turns the order round.";
    }

    public List<Entry> parameters() {
        return Facts.entries(run.arguments().hyperParameters());
    }

    public List<Entry> surroundings() {
        return Facts.surroundings(run);
    }

    public String reproduceNote() {
        return "With the same versions, data and number of threads this gives the same weights on a CPU of the same kind:";
    }

    public String command() {
        return Reproduction.shell(run);
    }

    private Scores judgedScores() {
        return scores.get(run.judged().role());
    }

    private List<Holdout> holdouts() {
        return Stream.of(run.test(), run.validation())
                .filter(set -> set != null)
                .toList();
    }
}
