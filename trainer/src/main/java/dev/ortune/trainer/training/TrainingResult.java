package dev.ortune.trainer.training;

import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.report.LoopSummary;
import java.util.List;

/**
 * What a training loop did.
 *
 * @param loop in numbers
 * @param evaluations in order
 */
public record TrainingResult(LoopSummary loop, List<EvaluationRecord> evaluations) {
    /** Optimizer steps done. */
    int steps() {
        return loop.steps();
    }

    /** Epochs done, as a fraction. */
    double epoch() {
        return loop.epoch();
    }
}
