package dev.ortune.trainer.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/** A run as JSON lines, for programs: one object each for the start, a step, an evaluation and the end. */
public final class JsonProgress implements TrainingLog {
    private final PrintWriter out;

    public JsonProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin(RunDescription run) {
        print(LogHistory.of(run));
        run.notices().forEach(this::notice);
    }

    @Override
    public void notice(String line) {
        print(LogHistory.notice(line));
    }

    @Override
    public void step(StepRecord step) {
        print(LogHistory.of(step, step.loss())
                .put("samples_per_second", step.pace().sentencesPerSecond()));
    }

    @Override
    public void evaluation(EvaluationRecord evaluation) {
        print(LogHistory.of(evaluation));
    }

    @Override
    public void end(RunSummary summary) {
        print(LogHistory.of(summary).put("out", summary.out()).put("report", summary.report()));
    }

    @Override
    public void close() {
        out.flush();
    }

    private void print(ObjectNode line) {
        out.println(line);
        out.flush();
    }
}
