package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.Optimizer;

/**
 * Every hyper-parameter of a run.
 *
 * @param schedule how long it trains and at which learning rates
 * @param batches what a step sees
 * @param optimizer the update of the weights, weight decay and clipping included
 * @param objective label smoothing and class weights
 * @param evaluation when it is measured
 * @param seed of dropout, of the order of the examples and of weights that no file holds
 * @param threads CPU threads; 0 for one a core
 * @param execution on what and in which numbers
 */
public record TrainingArguments(
        ScheduleArguments schedule,
        BatchArguments batches,
        Optimizer optimizer,
        Objective objective,
        EvaluationArguments evaluation,
        long seed,
        int threads,
        Execution execution) {
    public TrainingArguments {
        if (seed < 0 || seed >= 1L << 32) {
            throw new OrtuneException("--seed must be from 0 to 4294967295, not " + seed);
        }
        atLeast("--threads", threads, 0);
    }

    /** Optimizer steps of the whole run. */
    public int totalSteps(int examples) {
        if (schedule.maxSteps() > 0) {
            return schedule.maxSteps();
        }
        try {
            return Math.multiplyExact(schedule.epochs(), batches.stepsPerEpoch(examples));
        } catch (ArithmeticException e) {
            throw new OrtuneException("--epochs " + schedule.epochs() + " makes more steps than can be counted", e);
        }
    }

    /** Epochs of the whole run, the last of which may break off. */
    int epochs(int examples) {
        int steps = batches.stepsPerEpoch(examples);
        return (int) (((long) totalSteps(examples) + steps - 1) / steps);
    }

    static void atLeast(String option, int value, int least) {
        if (value < least) {
            throw new OrtuneException(option + " must be at least " + least + ", not " + value);
        }
    }
}
