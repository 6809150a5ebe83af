package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A run's {@code metrics.jsonl}: one JSON object a line for a step, an evaluation and the end. Lines are only ever
 * appended. Nothing but the last line holds a time, so two runs of one seed write the same up to there.
 */
public final class MetricsLog implements TrainingLog {
    /** About as many lines of steps as a plot can show; longer runs give the mean of several steps a line. */
    private static final int MOST_STEPS = 2000;

    private final Path file;
    private final BufferedWriter writer;
    private double losses;
    private int steps;

    private MetricsLog(Path file, BufferedWriter writer) {
        this.file = file;
        this.writer = writer;
    }

    /** Opens the file, or a new one. */
    public static MetricsLog append(Path file) {
        try {
            return new MetricsLog(
                    file, Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    @Override
    public void begin(RunDescription run) {}

    @Override
    public void step(StepRecord step) {
        losses += step.loss();
        steps++;
        int interval = (step.totalSteps() + MOST_STEPS - 1) / MOST_STEPS;
        if (steps >= interval || step.step() == step.totalSteps()) {
            write(LogHistory.of(step, losses / steps));
            losses = 0;
            steps = 0;
        }
    }

    @Override
    public void evaluation(EvaluationRecord evaluation) {
        write(LogHistory.of(evaluation));
        flush();
    }

    @Override
    public void end(RunSummary summary) {
        write(LogHistory.of(summary));
        flush();
    }

    @Override
    public void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private void write(ObjectNode line) {
        try {
            writer.write(line + "\n");
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private void flush() {
        try {
            writer.flush();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static OrtuneException failed(Path file, IOException e) {
        return new OrtuneException(file + ": cannot be written (" + e.getMessage() + ")", e);
    }
}
