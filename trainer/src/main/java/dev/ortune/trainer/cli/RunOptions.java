package dev.ortune.trainer.cli;

import dev.ortune.trainer.training.OnNan;
import dev.ortune.trainer.training.Pause;
import dev.ortune.trainer.training.RunArguments;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What a training run keeps and tells on its way. */
final class RunOptions {
    @Option(
            names = "--save-steps",
            order = RunCommand.AFTER_OTHERS,
            paramLabel = "N",
            description = "Write a checkpoint every N steps (default: after each epoch).")
    private int saveSteps;

    @Option(
            names = "--resume",
            order = RunCommand.AFTER_OTHERS,
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "DIR",
            description = "Go on with the interrupted run of --out, or of DIR with the options that it began with.")
    private Path resume;

    @Option(
            names = "--pause-after",
            order = RunCommand.AFTER_OTHERS,
            paramLabel = "N|N%",
            description =
                    "Leave the run with a checkpoint after N epochs, or a share of its steps, for --resume to go on"
                            + " with; its schedule is that of the whole run.")
    private String pauseAfter;

    @Option(
            names = "--on-nan",
            order = RunCommand.AFTER_OTHERS,
            paramLabel = "NAME",
            description = "stop, or skip the step's update, when loss or gradient are no number"
                    + " (default: ${DEFAULT-VALUE}).")
    private OnNan onNan = OnNan.STOP;

    @Option(
            names = "--log-every",
            order = RunCommand.AFTER_OTHERS,
            paramLabel = "N",
            description =
                    "Steps a line of metrics.jsonl and of plain progress (default: as many as give some 2000 lines,"
                            + " progress every 10 s).")
    private int logEvery;

    @Option(
            names = "--tensorboard",
            order = RunCommand.AFTER_OTHERS,
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "DIR",
            description = "Write an event file for TensorBoard (default of DIR: runs in the model's folder).")
    private Path tensorBoard;

    /** The folder whose run is to go on: empty for that of {@code --out}; null for a new run. */
    Path resume() {
        return resume;
    }

    int logEvery() {
        return logEvery;
    }

    RunArguments arguments(boolean resumes, List<String> command) {
        return new RunArguments(saveSteps, onNan, logEvery, tensorBoard, resumes, pause(), command);
    }

    private Pause pause() {
        return pauseAfter == null ? Pause.NEVER : Pause.parse(pauseAfter);
    }

    /** Takes the place of options that are not kept from a run's beginning. */
    void pauseAs(RunOptions now) {
        pauseAfter = now.pauseAfter;
    }
}
