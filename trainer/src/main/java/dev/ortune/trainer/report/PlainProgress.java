package dev.ortune.trainer.report;

import java.io.PrintWriter;
import java.time.Duration;

/** A run as plain lines, for a pipe or a log file: one now and then, and one an evaluation. */
public final class PlainProgress implements TrainingLog {
    /** Time between two lines of steps. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final Duration interval;
    private long lastLine = System.nanoTime();

    public PlainProgress(PrintWriter out, Duration interval) {
        this.out = out;
        this.interval = interval;
    }

    @Override
    public void begin(RunDescription run) {
        RunText.lines(run).forEach(out::println);
        out.flush();
        lastLine = System.nanoTime();
    }

    @Override
    public void step(StepRecord step) {
        if (step.step() == 1 || System.nanoTime() - lastLine >= interval.toNanos()) {
            lastLine = System.nanoTime();
            print(RunText.line(step));
        }
    }

    @Override
    public void evaluation(EvaluationRecord evaluation) {
        print(RunText.line(evaluation));
    }

    @Override
    public void end(RunSummary summary) {
        RunText.lines(summary).forEach(out::println);
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }
}
