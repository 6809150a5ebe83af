package dev.ortune.trainer.report;

/**
 * The words of a set as a model met them.
 *
 * @param measured words whose label was predicted
 * @param correct those of them with the right label
 * @param unmeasured words of which the model saw nothing: they were cut off, or no token was made of them
 */
public record WordCounts(long measured, long correct, long unmeasured) {
    /** Share of the measured ones that are right; 0 without any. */
    public double accuracy() {
        return measured == 0 ? 0 : (double) correct / measured;
    }
}
