package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a run keeps and tells on its way.
 *
 * @param saveSteps optimizer steps between two checkpoints; 0 for one after each epoch
 * @param onNan what happens at a loss that is no number
 * @param logSteps optimizer steps a line of {@code metrics.jsonl}; 0 to let the run's length decide
 * @param tensorBoard folder of event files for TensorBoard, empty for {@code runs} in the model's; null for none
 * @param resume whether an interrupted run goes on
 * @param pause where it is left for later
 * @param command the options as they were given, with which a run that is resumed begins again
 */
public record RunArguments(
        int saveSteps, OnNan onNan, int logSteps, Path tensorBoard, boolean resume, Pause pause, List<String> command) {
    public RunArguments {
        command = List.copyOf(command);
        if (saveSteps < 0 || logSteps < 0) {
            throw new OrtuneException("--save-steps and --log-every must not be negative");
        }
    }
}
