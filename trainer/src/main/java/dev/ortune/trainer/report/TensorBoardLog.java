package dev.ortune.trainer.report;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A run as an event file that TensorBoard reads. The names of its curves are those of transformers' TensorBoardCallback:
 * {@code train/loss}, {@code train/learning_rate}, {@code train/grad_norm}, {@code eval/loss} and so on.
 */
public final class TensorBoardLog implements TrainingLog {
    private static final double MILLIS = 1e3;

    private final String name;
    private final LogFile file;
    private final int logSteps;
    /** The last step, if it was none to draw: where a run stops early its curve is to end there. */
    private StepRecord missed;

    private TensorBoardLog(String name, LogFile file, int logSteps) {
        this.name = name;
        this.file = file;
        this.logSteps = Math.max(1, logSteps);
    }

    /**
     * How far an event file has come.
     *
     * @param file its name; empty before there is one
     * @param bytes its length
     */
    public record Position(String file, long bytes) {
        /** Before there is a file. */
        public static final Position START = new Position("", 0);
    }

    /**
     * Opens the file that was begun, or a new one where it is gone or was cut off.
     *
     * @param folder made if need be
     * @param logSteps optimizer steps a point; 0 for a point each step
     * @param position where to go on; what the file has after it is cut off
     */
    public static TensorBoardLog open(Path folder, int logSteps, Position position) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be made (" + e.getMessage() + ")", e);
        }
        Path begun = folder.resolve(position.file());
        if (!position.file().isEmpty() && Files.exists(begun) && begun.toFile().length() >= position.bytes()) {
            LogFile file = LogFile.open(begun, position.bytes());
            return new TensorBoardLog(position.file(), file, logSteps);
        }
        String name = "events.out.tfevents." + System.currentTimeMillis() / 1000 + ".ortune."
                + ProcessHandle.current().pid();
        LogFile file = LogFile.open(folder.resolve(name), 0);
        file.write(TensorBoardEvent.version(now()).record());
        return new TensorBoardLog(name, file, logSteps);
    }

    /** How far it has come; all up to there is on disk. */
    public Position position() {
        return new Position(name, file.force());
    }

    @Override
    public void begin(RunDescription run) {}

    @Override
    public void step(StepRecord step) {
        boolean due = step.step() % logSteps == 0 || step.step() == step.totalSteps();
        if (step.skipped()) {
            return;
        }
        if (due) {
            write(step);
        }
        missed = due ? null : step;
    }

    private void write(StepRecord step) {
        write(step.step(), "train/loss", step.loss());
        write(step.step(), "train/learning_rate", step.learningRate());
        if (Double.isFinite(step.gradNorm())) {
            write(step.step(), "train/grad_norm", step.gradNorm());
        }
    }

    @Override
    public void evaluation(EvaluationRecord evaluation) {
        write(evaluation.step(), "train/epoch", evaluation.epoch());
        write(evaluation.step(), "eval/", evaluation.metrics());
        file.flush();
    }

    @Override
    public void end(RunSummary summary) {
        if (missed != null) {
            write(missed);
        }
        if (summary.test() != null) {
            write(summary.loop().steps(), "test/", summary.test());
        }
        file.flush();
    }

    @Override
    public void close() {
        file.close();
    }

    private void write(int step, String prefix, Metrics metrics) {
        write(step, prefix + "loss", metrics.loss());
        metrics.values().forEach((metric, value) -> write(step, prefix + metric, value));
    }

    private void write(int step, String tag, double value) {
        file.write(TensorBoardEvent.scalar(now(), step, tag, (float) value).record());
    }

    /** Seconds since 1970. */
    private static double now() {
        return System.currentTimeMillis() / MILLIS;
    }
}
