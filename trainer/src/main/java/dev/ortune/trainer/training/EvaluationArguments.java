package dev.ortune.trainer.training;

import dev.ortune.trainer.report.Metric;

/**
 * When a run is measured, and what follows from it.
 *
 * @param steps optimizer steps between two evaluations; 0 for one after each epoch
 * @param earlyStopping evaluations in a row without improvement that end the run; 0 for never
 * @param metric which checkpoint is the best; null for what is usual for the task
 */
public record EvaluationArguments(int steps, int earlyStopping, Metric metric) {
    public EvaluationArguments {
        TrainingArguments.atLeast("--eval-steps", steps, 0);
        TrainingArguments.atLeast("--early-stopping", earlyStopping, 0);
    }
}
