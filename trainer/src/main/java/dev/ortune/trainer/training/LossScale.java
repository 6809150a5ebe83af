package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;

/**
 * Dynamic loss scaling (Micikevicius et al. 2018, arXiv:1710.03740), with the figures of PyTorch's GradScaler: gradients
 * in half precision are computed of the loss times this factor, so that small ones do not vanish. A step whose gradients
 * overflow is skipped and halves it; many good ones in a row double it.
 */
public final class LossScale {
    static final float INITIAL = 65536;
    static final int GROWTH_INTERVAL = 2000;
    /** Below it gradients overflow for another reason than the scale. */
    private static final float LEAST = 1f / 1024;

    private static final float MOST = 1 << 24;

    /**
     * Where the scale starts and how fast it grows.
     *
     * @param initial the factor of the first step
     * @param growthInterval good steps in a row after which it doubles
     */
    public record Settings(float initial, int growthInterval) {
        static final Settings DEFAULT = new Settings(INITIAL, GROWTH_INTERVAL);
    }

    /**
     * Where a scale stands.
     *
     * @param value the factor for the next step; 0 for the initial one
     * @param goodSteps in a row
     * @param skippedSteps without an update
     */
    public record State(float value, int goodSteps, int skippedSteps) {
        static final State START = new State(0, 0, 0);
    }

    private final int growthInterval;
    private float value;
    private int goodSteps;
    private int skippedSteps;

    LossScale(Settings settings) {
        this(settings, State.START);
    }

    /** @param state where another scale stood */
    LossScale(Settings settings, State state) {
        this.value = state.value > 0 ? state.value : settings.initial;
        this.growthInterval = settings.growthInterval;
        this.goodSteps = state.goodSteps;
        this.skippedSteps = state.skippedSteps;
    }

    State state() {
        return new State(value, goodSteps, skippedSteps);
    }

    /** The factor for the next step. */
    float value() {
        return value;
    }

    /** Steps without an update so far. */
    int skippedSteps() {
        return skippedSteps;
    }

    /** Takes note of a step's gradient norm and says whether to update: not when it is no number. */
    boolean updatesAfter(float norm) {
        if (Float.isFinite(norm)) {
            goodSteps++;
            if (goodSteps == growthInterval) {
                value = Math.min(2 * value, MOST);
                goodSteps = 0;
            }
            return true;
        }
        skippedSteps++;
        goodSteps = 0;
        value /= 2;
        if (value < LEAST) {
            throw new OrtuneException("Gradients overflow in fp16 whatever the loss is scaled by;"
                    + " try --precision bf16 or tf32, or a lower --learning-rate");
        }
        return false;
    }
}
