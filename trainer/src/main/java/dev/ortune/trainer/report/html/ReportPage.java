package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.plot.Figure;
import dev.ortune.trainer.report.run.Arguments;
import dev.ortune.trainer.report.run.Reproduction;
import dev.ortune.trainer.report.run.Run;
import java.util.List;

/**
 * The report on one run: what report.mustache asks for, by its names.
 *
 * @param run the run
 * @param results what was measured on the sets that were held out, or null
 * @param trainingFigures of its steps and evaluations
 * @param lengthFigure of the sets' lengths, or null
 */
record ReportPage(Run run, Results results, List<Figure> trainingFigures, Figure lengthFigure) {
    /** Where the tokens of a sentence were cut off. */
    static int maxLength(Run run) {
        return run.arguments().integer("/max_length", Integer.MAX_VALUE);
    }

    String html() {
        return Template.page("report", new Template.Frame(run.name()), this);
    }

    public String lead() {
        Arguments.DataFile train = run.arguments().data().get("train");
        if (run.isPretraining()) {
            String start = run.arguments().text("/pretrained");
            return (start.isEmpty()
                            ? "Pre-trained from scratch"
                            : "Pre-trained on from " + start.substring(start.lastIndexOf('/') + 1))
                    + (train == null ? "" : " on " + train.name() + ", " + Text.count(train.examples(), "sequence"));
        }
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
        return judged() ? results.tiles() : List.of();
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
        return results != null;
    }

    /** What was measured, where it is of whole texts. */
    public ClassResults classes() {
        return results instanceof ClassResults classes ? classes : null;
    }

    /** What was measured, where it is of words. */
    public TokenResults words() {
        return results instanceof TokenResults words ? words : null;
    }

    /** What was measured, where it is of numbers. */
    public NumberResults numbers() {
        return results instanceof NumberResults numbers ? numbers : null;
    }

    /** What was measured, where texts are written. */
    public WrittenResults written() {
        return results instanceof WrittenResults written ? written : null;
    }

    /** What was measured, where texts have several labels. */
    public LabelSetResults labelSets() {
        return results instanceof LabelSetResults sets ? sets : null;
    }

    /** What was measured, where it is of answers. */
    public AnswerResults answers() {
        return results instanceof AnswerResults answers ? answers : null;
    }

    /** What was measured, where one of several choices is right. */
    public ChoiceResults choices() {
        return results instanceof ChoiceResults choices ? choices : null;
    }

    /** What was measured at each evaluation. */
    public List<String> metrics() {
        return run.history().metrics().stream().map(Metric::title).toList();
    }

    public Lengths lengths() {
        return lengthFigure == null ? null : Lengths.of(run, lengthFigure, maxLength(run));
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
}
