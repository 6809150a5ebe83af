package dev.ortune.trainer.report;

/**
 * One optimizer step.
 *
 * @param at how far the run has come with it
 * @param loss no number where the step was skipped; else the mean over the step's examples
 * @param learningRate the step's
 * @param gradNorm global norm of the gradients before clipping; no number where half precision overflowed
 * @param pace how fast it goes
 * @param overflowed steps so far that brought no update, since their gradients overflowed in half precision
 */
public record StepRecord(Position at, double loss, double learningRate, double gradNorm, Pace pace, int overflowed) {
    /**
     * How far a run has come.
     *
     * @param step optimizer steps done, this one included
     * @param totalSteps steps that are planned
     * @param epoch epochs done, as a fraction
     * @param epochs epochs that are planned
     */
    public record Position(int step, int totalSteps, double epoch, int epochs) {}

    /**
     * How fast a run goes.
     *
     * @param sentencesPerSecond trained on since the run began, evaluations not counted
     * @param secondsLeft expected time to the last step
     */
    public record Pace(double sentencesPerSecond, double secondsLeft) {}

    /** Optimizer steps done, this one included. */
    public int step() {
        return at.step();
    }

    /** Steps that are planned. */
    public int totalSteps() {
        return at.totalSteps();
    }

    /** Whether the step's update was left out, as its loss or gradient was no number. */
    public boolean skipped() {
        return !Double.isFinite(loss);
    }
}
