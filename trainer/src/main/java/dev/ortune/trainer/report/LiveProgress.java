package dev.ortune.trainer.report;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A run on a terminal: one line that lives on standard error, above it one line an evaluation. */
public final class LiveProgress implements TrainingLog {
    private static final int MILLIS_BETWEEN_UPDATES = 250;

    private final PrintWriter out;
    private final long start = System.nanoTime();
    private ProgressBar bar;

    public LiveProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin(RunDescription run) {
        RunText.lines(run).forEach(out::println);
        out.flush();
    }

    @Override
    public void step(StepRecord step) {
        if (bar == null) {
            bar = bar(step);
        }
        bar.stepTo(step.step());
        bar.setExtraMessage(String.format(
                Locale.ROOT,
                " epoch %d/%d  loss %.4f  lr %.2e  %.1f sentences/s  %s left",
                RunText.epoch(step),
                step.epochs(),
                step.loss(),
                step.learningRate(),
                step.sentencesPerSecond(),
                Format.duration(step.secondsLeft())));
    }

    @Override
    public void evaluation(EvaluationRecord evaluation) {
        close();
        out.println(RunText.line(evaluation));
        out.flush();
    }

    @Override
    public void end(RunSummary summary) {
        close();
        RunText.lines(summary).forEach(out::println);
        out.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private ProgressBar bar(StepRecord step) {
        return new ProgressBarBuilder()
                .setTaskName("train")
                .setInitialMax(step.totalSteps())
                .startsFrom(step.step() - 1L, Duration.ofNanos(System.nanoTime() - start))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(MILLIS_BETWEEN_UPDATES)
                .hideEta()
                .clearDisplayOnFinish()
                .build();
    }
}
