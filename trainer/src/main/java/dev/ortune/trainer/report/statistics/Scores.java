package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Metrics;
import dev.ortune.trainer.report.run.AnswerHoldout;
import dev.ortune.trainer.report.run.ChoiceHoldout;
import dev.ortune.trainer.report.run.ClassHoldout;
import dev.ortune.trainer.report.run.Holdout;
import dev.ortune.trainer.report.run.LabelSetHoldout;
import dev.ortune.trainer.report.run.NumberHoldout;
import dev.ortune.trainer.report.run.TokenHoldout;
import dev.ortune.trainer.report.run.WrittenHoldout;

/** All that is measured of a model on a set that was held out. */
public sealed interface Scores permits ClassScores, IntervalScores {
    Metrics metrics();

    /** Measures. */
    static Scores of(Holdout holdout) {
        if (holdout instanceof TokenHoldout tokens) {
            return TokenScores.of(tokens);
        }
        if (holdout instanceof NumberHoldout numbers) {
            return NumberScores.of(numbers);
        }
        if (holdout instanceof LabelSetHoldout sets) {
            return LabelSetScores.of(sets);
        }
        if (holdout instanceof AnswerHoldout answers) {
            return AnswerScores.of(answers);
        }
        if (holdout instanceof WrittenHoldout written) {
            return WrittenScores.of(written);
        }
        if (holdout instanceof ChoiceHoldout choices) {
            return ChoiceScores.of(choices);
        }
        return ClassScores.of((ClassHoldout) holdout);
    }
}
