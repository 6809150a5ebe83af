package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.TrainingLog;

/** A run from its data to a model's folder. */
@FunctionalInterface
public interface Run {
    /**
     * Trains, and publishes the folder.
     *
     * @param display told how it goes
     * @param stop asked after each step
     * @throws OrtuneException when anything fails; what had the folder's name is as it was then
     * @throws StopRequest.Stopped when that was asked for, likewise
     */
    void run(TrainingLog display, StopRequest stop);
}
