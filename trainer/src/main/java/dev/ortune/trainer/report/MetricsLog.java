package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A run's {@code metrics.jsonl}: one JSON object a line for a step, an evaluation and the end. Nothing but the last line
 * holds a time, so two runs of one seed write the same up to there, and so does a run that was interrupted and resumed.
 */
public final class MetricsLog implements TrainingLog {
    /** About as many lines of steps as a plot can show; longer runs give the mean of several steps a line. */
    private static final int MOST_STEPS = 2000;

    private final LogFile file;
    private final int logSteps;
    private double losses;
    private int steps;

    private MetricsLog(LogFile file, int logSteps, Position position) {
        this.file = file;
        this.logSteps = logSteps;
        this.losses = position.losses;
        this.steps = position.steps;
    }

    /**
     * How far a log has come.
     *
     * @param bytes length of the file
     * @param losses sum over the steps that the next line tells of
     * @param steps their number
     */
    public record Position(long bytes, double losses, int steps) {
        /** Of an empty log. */
        public static final Position START = new Position(0, 0, 0);
    }

    /**
     * Opens a log.
     *
     * @param logSteps optimizer steps a line; 0 for as many as give some 2000 lines
     * @param position where to go on; what the file has after it is cut off
     * @param notice told in a line when the file does not reach that far
     */
    public static MetricsLog open(Path file, int logSteps, Position position, Consumer<String> notice) {
        return new MetricsLog(LogFile.openLines(file, position.bytes, notice), logSteps, position);
    }

    /** How far it has come; all up to there is on disk. */
    public Position position() {
        return new Position(file.force(), losses, steps);
    }

    @Override
    public void begin(RunDescription run) {}

    @Override
    public void step(StepRecord step) {
        if (step.skipped()) {
            write(LogHistory.of(step, step.loss()));
            return;
        }
        losses += step.loss();
        steps++;
        if (steps >= interval(step) || step.step() == step.totalSteps()) {
            write(LogHistory.of(step, losses / steps));
            losses = 0;
            steps = 0;
        }
    }

    private int interval(StepRecord step) {
        return logSteps > 0 ? logSteps : (step.totalSteps() + MOST_STEPS - 1) / MOST_STEPS;
    }

    @Override
    public void evaluation(EvaluationRecord evaluation) {
        write(LogHistory.of(evaluation));
        file.flush();
    }

    @Override
    public void end(RunSummary summary) {
        write(LogHistory.of(summary));
        file.flush();
    }

    @Override
    public void close() {
        file.close();
    }

    private void write(ObjectNode line) {
        file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
