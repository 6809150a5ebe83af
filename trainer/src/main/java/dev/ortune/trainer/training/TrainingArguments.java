package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.report.Metric;

/**
 * Every hyper-parameter of a run.
 *
 * @param epochs times the training set is gone through
 * @param batchSize examples a forward and backward pass
 * @param gradientAccumulationSteps batches an optimizer step
 * @param learningRate at the height of the schedule
 * @param schedule the learning rate's course after the warm-up
 * @param warmupRatio share of the optimizer steps over which the learning rate rises
 * @param optimizer the update of the weights, weight decay and clipping included
 * @param objective label smoothing and class weights
 * @param seed of dropout, of the order of the examples and of weights that no file holds
 * @param maxLength tokens of an example, special ones included, beyond which it is cut off
 * @param padToMax pad every batch to {@code maxLength} rather than to its longest example
 * @param groupByLength put examples of like length into one batch
 * @param evalSteps optimizer steps between two evaluations; 0 for one after each epoch
 * @param earlyStopping evaluations in a row without improvement that end the run; 0 for never
 * @param metric which checkpoint is the best; null for what is usual for the task
 * @param threads CPU threads; 0 for one a core
 * @param execution on what and in which numbers
 */
public record TrainingArguments(
        int epochs,
        int batchSize,
        int gradientAccumulationSteps,
        double learningRate,
        LearningRateSchedule.Kind schedule,
        double warmupRatio,
        Optimizer optimizer,
        Objective objective,
        long seed,
        int maxLength,
        boolean padToMax,
        boolean groupByLength,
        int evalSteps,
        int earlyStopping,
        Metric metric,
        int threads,
        Execution execution) {
    /** The least length that holds a token between the two special ones. */
    private static final int SHORTEST = 3;

    public TrainingArguments {
        atLeast("--epochs", epochs, 1);
        atLeast("--batch-size", batchSize, 1);
        atLeast("--gradient-accumulation-steps", gradientAccumulationSteps, 1);
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new OrtuneException("--learning-rate must be above 0 and at most 1, not " + learningRate);
        }
        if (!(warmupRatio >= 0 && warmupRatio <= 1)) {
            throw new OrtuneException("--warmup-ratio must be from 0 to 1, not " + warmupRatio);
        }
        if (seed < 0 || seed >= 1L << 32) {
            throw new OrtuneException("--seed must be from 0 to 4294967295, not " + seed);
        }
        atLeast("--max-length", maxLength, SHORTEST);
        atLeast("--eval-steps", evalSteps, 0);
        atLeast("--early-stopping", earlyStopping, 0);
        atLeast("--threads", threads, 0);
    }

    /** Optimizer steps an epoch of {@code examples}; the last one may see fewer batches. */
    public int stepsPerEpoch(int examples) {
        return ceilDiv(ceilDiv(examples, batchSize), gradientAccumulationSteps);
    }

    /** Optimizer steps of the whole run. */
    public int totalSteps(int examples) {
        try {
            return Math.multiplyExact(epochs, stepsPerEpoch(examples));
        } catch (ArithmeticException e) {
            throw new OrtuneException("--epochs " + epochs + " makes more steps than can be counted", e);
        }
    }

    private static int ceilDiv(int a, int b) {
        return (int) (((long) a + b - 1) / b);
    }

    private static void atLeast(String option, int value, int least) {
        if (value < least) {
            throw new OrtuneException(option + " must be at least " + least + ", not " + value);
        }
    }
}
