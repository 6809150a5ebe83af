package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;

/**
 * Where a run is left with a checkpoint, to go on later as if it had not been: its schedule is that of the whole run.
 *
 * @param at epochs, or the share of all steps
 * @param share which of them
 */
public record Pause(double at, boolean share) {
    /** The run goes through. */
    public static final Pause NEVER = new Pause(Double.POSITIVE_INFINITY, false);

    /** What rounding adds to a number of steps that is whole. */
    private static final double ROUNDING = 1e-9;

    private static final double PERCENT = 100;

    public Pause {
        if (!(at > 0) || (share && at > 1)) {
            throw new OrtuneException("--pause-after must be more than 0 epochs, or more than 0 % and at most 100 %");
        }
    }

    /** Epochs such as {@code 2} or {@code 0.5}, or a share of the run such as {@code 25%}. */
    public static Pause parse(String text) {
        boolean share = text.endsWith("%");
        try {
            double number = Double.parseDouble(share ? text.substring(0, text.length() - 1) : text);
            return new Pause(share ? number / PERCENT : number, share);
        } catch (NumberFormatException e) {
            throw new OrtuneException("--pause-after must be epochs such as 2, or a share such as 25%, not " + text, e);
        }
    }

    /**
     * The step after which it is left; one that no run has, where this is not before its end.
     *
     * @param stepsPerEpoch optimizer steps
     * @param totalSteps of the run
     */
    int step(int stepsPerEpoch, int totalSteps) {
        double steps = Math.ceil(at * (share ? totalSteps : stepsPerEpoch) - ROUNDING);
        return steps < totalSteps ? (int) steps : Integer.MAX_VALUE;
    }

    /**
     * Whether a run has come so far.
     *
     * @param epoch epochs that it has done, as a fraction
     * @param epochs of the whole run
     */
    public boolean isReached(double epoch, double epochs) {
        return epoch >= (share ? at * epochs : at) - ROUNDING || epoch >= epochs - ROUNDING;
    }
}
