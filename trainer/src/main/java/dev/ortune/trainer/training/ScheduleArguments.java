package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;

/**
 * How long a run trains and at which learning rates.
 *
 * @param epochs times the training set is gone through
 * @param maxSteps optimizer steps of the run, whatever the epochs; 0 to let these decide
 * @param learningRate at the height of the schedule
 * @param kind the learning rate's course after the warm-up
 * @param warmupRatio share of the optimizer steps over which the learning rate rises
 */
public record ScheduleArguments(
        int epochs, int maxSteps, double learningRate, LearningRateSchedule.Kind kind, double warmupRatio) {
    public ScheduleArguments {
        TrainingArguments.atLeast("--epochs", epochs, 1);
        TrainingArguments.atLeast("--max-steps", maxSteps, 0);
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new OrtuneException("--learning-rate must be above 0 and at most 1, not " + learningRate);
        }
        if (!(warmupRatio >= 0 && warmupRatio <= 1)) {
            throw new OrtuneException("--warmup-ratio must be from 0 to 1, not " + warmupRatio);
        }
    }

    /** Of whole epochs. */
    public ScheduleArguments(int epochs, double learningRate, LearningRateSchedule.Kind kind, double warmupRatio) {
        this(epochs, 0, learningRate, kind, warmupRatio);
    }

    /** The factors on the learning rate in a run of so many optimizer steps. */
    LearningRateSchedule schedule(int totalSteps) {
        return LearningRateSchedule.of(kind, warmupRatio, totalSteps);
    }
}
