package dev.ortune.trainer.report;

import java.io.PrintWriter;
import java.time.Duration;

/** A run as plain lines, for a pipe or a log file: one now and then, and one an evaluation. */
public final class PlainProgress implements TrainingLog {
    /** Time between two lines of steps. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final Duration interval;
    private final int steps;
    private long lastLine = System.nanoTime();

    /**
     * @param interval time between two lines of steps
     * @param steps steps between two such lines, whatever their time; 0 for none
     */
    public PlainProgress(PrintWriter out, Duration interval, int steps) {
        this.out = out;
        this.interval = interval;
        this.steps = steps;
    }

    @Override
    public void begin(RunDescription run) {
        RunText.lines(run).forEach(out::println);
        out.flush();
        lastLine = System.nanoTime();
    }

    @Override
    public void notice(String line) {
        print(line);
    }

    @Override
    public void step(StepRecord step) {
        if (step.step() == 1 || isDue(step)) {
            lastLine = System.nanoTime();
            print(RunText.line(step));
        }
    }

    private boolean isDue(StepRecord step) {
        return steps > 0 ? step.step() % steps == 0 : System.nanoTime() - lastLine >= interval.toNanos();
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
