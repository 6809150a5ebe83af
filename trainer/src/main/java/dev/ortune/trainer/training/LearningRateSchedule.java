package dev.ortune.trainer.training;

import java.util.Locale;

/**
 * The factor on the learning rate at each optimizer step: a linear rise from 0 over the warm-up, then a course of its
 * own. The formulas are those of {@code get_linear_schedule_with_warmup}, {@code get_cosine_schedule_with_warmup} and
 * {@code get_constant_schedule_with_warmup} in Hugging Face's transformers (src/transformers/optimization.py).
 */
public sealed interface LearningRateSchedule {
    /** Which course. */
    enum Kind {
        LINEAR,
        COSINE,
        CONSTANT;

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Steps of the rise. */
    int warmupSteps();

    /** The factor once the warm-up is over, for steps from {@link #warmupSteps()} on. */
    double factorAfterWarmup(int step);

    /**
     * The factor on the learning rate, from 0 to 1.
     *
     * @param step optimizer step, counted from 0; with a warm-up the first step has factor 0
     */
    default double factor(int step) {
        return step < warmupSteps() ? (double) step / warmupSteps() : factorAfterWarmup(step);
    }

    /**
     * The schedule of a run.
     *
     * <p>A warm-up's first step has factor 0, which is all the training that a run of one step has: such a run has none.
     *
     * @param warmupRatio share of the steps that warm up, rounded up to a whole step
     * @param totalSteps optimizer steps of the whole run
     */
    static LearningRateSchedule of(Kind kind, double warmupRatio, int totalSteps) {
        int warmupSteps = totalSteps == 1 ? 0 : (int) Math.ceil(totalSteps * warmupRatio);
        return switch (kind) {
            case LINEAR -> new Linear(warmupSteps, totalSteps);
            case COSINE -> new Cosine(warmupSteps, totalSteps);
            case CONSTANT -> new Constant(warmupSteps);
        };
    }

    /** Falls on a line to 0 after the last step: {@code (total - step) / (total - warmup)}. */
    record Linear(int warmupSteps, int totalSteps) implements LearningRateSchedule {
        @Override
        public double factorAfterWarmup(int step) {
            return Math.max(0, 1 - progress(step, warmupSteps, totalSteps));
        }
    }

    /** Falls on half a cosine wave to 0 after the last step: {@code (1 + cos(pi progress)) / 2}. */
    record Cosine(int warmupSteps, int totalSteps) implements LearningRateSchedule {
        @Override
        public double factorAfterWarmup(int step) {
            return (1 + Math.cos(Math.PI * Math.min(1, progress(step, warmupSteps, totalSteps)))) / 2;
        }
    }

    /** Stays at 1. */
    record Constant(int warmupSteps) implements LearningRateSchedule {
        @Override
        public double factorAfterWarmup(int step) {
            return 1;
        }
    }

    private static double progress(int step, int warmupSteps, int totalSteps) {
        return (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
    }
}
