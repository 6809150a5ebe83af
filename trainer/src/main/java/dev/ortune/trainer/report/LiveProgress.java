package dev.ortune.trainer.report;

import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressState;

/** A run on a terminal: one line that lives on standard error, above it one line an evaluation. */
public final class LiveProgress implements TrainingLog {
    private static final int MILLIS_BETWEEN_UPDATES = 250;
    private static final int LEAST_BAR = 10;
    private static final int MOST_BAR = 40;

    private final PrintWriter out;
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
    public void notice(String line) {
        close();
        out.println(line);
        out.flush();
    }

    @Override
    public void step(StepRecord step) {
        if (bar == null) {
            bar = bar(step);
        }
        bar.stepTo(step.step());
        bar.setExtraMessage(text(step));
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

    /** Everything in 80 columns. */
    static String text(StepRecord step) {
        return String.format(
                Locale.ROOT,
                "%d/%d  epoch %d/%d  loss %.4f  lr %.2e  %.1f sent./s  %s left%s",
                step.step(),
                step.totalSteps(),
                RunText.epoch(step),
                step.at().epochs(),
                step.loss(),
                step.learningRate(),
                step.pace().sentencesPerSecond(),
                Format.duration(step.pace().secondsLeft()),
                RunText.overflowed(step));
    }

    /** The text, and a bar before it where the terminal has room for one. */
    static String render(String text, double share, int columns) {
        int width = Math.min(MOST_BAR, columns - text.length() - 4);
        if (width < LEAST_BAR) {
            return text.length() <= columns ? text : text.substring(0, Math.max(0, columns));
        }
        int full = (int) Math.round(share * width);
        return "[" + "=".repeat(full) + " ".repeat(width - full) + "] " + text;
    }

    private static ProgressBar bar(StepRecord step) {
        return new ProgressBarBuilder()
                .setInitialMax(step.totalSteps())
                .setRenderer(LiveProgress::render)
                .setConsumer(new TerminalLine())
                .setUpdateIntervalMillis(MILLIS_BETWEEN_UPDATES)
                .clearDisplayOnFinish()
                .build();
    }

    private static String render(ProgressState state, int columns) {
        return render(state.getExtraMessage(), state.getNormalizedProgress(), columns);
    }
}
