package dev.ortune.trainer.training;

import dev.ortune.trainer.report.EvaluationRecord;
import java.util.List;

/**
 * What a training loop did.
 *
 * @param steps optimizer steps
 * @param epoch epochs, as a fraction
 * @param loss mean over all steps that were not skipped
 * @param skipped steps whose update was left out, as their loss or gradient was no number
 * @param overflowed steps without an update, as their gradients overflowed in half precision
 * @param evaluations in order
 * @param seconds time of the whole loop
 * @param sentencesPerSecond trained on, evaluations not counted
 * @param stoppedEarly whether early stopping ended it
 */
public record TrainingResult(
        int steps,
        double epoch,
        double loss,
        int skipped,
        int overflowed,
        List<EvaluationRecord> evaluations,
        double seconds,
        double sentencesPerSecond,
        boolean stoppedEarly) {}
