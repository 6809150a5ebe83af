package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.statistics.ClassScores;
import java.util.List;

/** A figure that is seen first. */
record Tile(String name, String value, String about) {
    static List<Tile> of(ClassHoldout holdout, ClassScores scores) {
        return List.of(
                new Tile(
                        "MCC, " + holdout.role() + " set",
                        Text.score(scores.metrics().mcc()),
                        "95 %: " + Text.shortInterval(scores.intervals().mcc())),
                new Tile(
                        "Accuracy",
                        Text.score(scores.metrics().accuracy()),
                        "95 %: " + Text.shortInterval(scores.intervals().accuracy())),
                new Tile("F1", Text.score(scores.metrics().f1()), f1(holdout)),
                new Tile(
                        "ROC AUC",
                        Text.score(scores.auc()),
                        scores.rankings().size() > 1 ? "mean over the labels" : "0.5 is chance"),
                new Tile(
                        "Calibration error",
                        Text.score(scores.calibration().expectedError()),
                        "expected, in " + scores.calibration().bins().size() + " bins"));
    }

    private static String f1(ClassHoldout holdout) {
        return holdout.labels().size() == 2 ? "of " + holdout.labels().get(1) : "mean over the labels";
    }
}
