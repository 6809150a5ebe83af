package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metrics;
import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.TokenHoldout;

/** All that is measured of a model on a set that was held out. */
public sealed interface Scores permits ClassScores, TokenScores {
    Metrics metrics();

    /** Measures. */
    static Scores of(Holdout holdout) {
        if (holdout instanceof TokenHoldout tokens) {
            return TokenScores.of(tokens);
        }
        return ClassScores.of((ClassHoldout) holdout);
    }
}
