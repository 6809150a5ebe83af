package dev.ortune.trainer.report;

/**
 * One optimizer step.
 *
 * @param step optimizer steps done, this one included
 * @param totalSteps steps that are planned
 * @param epoch epochs done, as a fraction
 * @param epochs epochs that are planned
 * @param loss no number where the step was skipped; else the mean over the step's examples
 * @param learningRate the step's
 * @param gradNorm global norm of the gradients before clipping; no number where half precision overflowed
 * @param sentencesPerSecond trained on since the run began, evaluations not counted
 * @param secondsLeft expected time to the last step
 * @param overflowed steps so far that brought no update, since their gradients overflowed in half precision
 */
public record StepRecord(
        int step,
        int totalSteps,
        double epoch,
        int epochs,
        double loss,
        double learningRate,
        double gradNorm,
        double sentencesPerSecond,
        double secondsLeft,
        int overflowed) {
    /** Whether the step's update was left out, as its loss or gradient was no number. */
    public boolean skipped() {
        return !Double.isFinite(loss);
    }
}
