package dev.ortune.trainer.report;

/**
 * What a training loop did, in numbers.
 *
 * @param steps optimizer steps done
 * @param epoch epochs done, as a fraction
 * @param trainLoss mean loss of all steps that were not skipped
 * @param skipped steps whose update was left out, as their loss or gradient was no number
 * @param overflowed steps without an update, as their gradients overflowed in half precision
 * @param seconds time of the whole loop, evaluations included
 * @param sentencesPerSecond trained on, evaluations not counted
 * @param stoppedEarly whether early stopping ended it
 */
public record LoopSummary(
        int steps,
        double epoch,
        double trainLoss,
        int skipped,
        int overflowed,
        double seconds,
        double sentencesPerSecond,
        boolean stoppedEarly) {}
