package dev.ortune.trainer.training;

import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.report.RunDescription;
import dev.ortune.trainer.report.RunSummary;
import dev.ortune.trainer.report.StepRecord;
import dev.ortune.trainer.report.TrainingLog;

/** Tells two logs, the file first. */
record BothLogs(TrainingLog file, TrainingLog display) implements TrainingLog {
    @Override
    public void begin(RunDescription run) {
        file.begin(run);
        display.begin(run);
    }

    @Override
    public void notice(String line) {
        file.notice(line);
        display.notice(line);
    }

    @Override
    public void step(StepRecord step) {
        file.step(step);
        display.step(step);
    }

    @Override
    public void evaluation(EvaluationRecord evaluation) {
        file.evaluation(evaluation);
        display.evaluation(evaluation);
    }

    @Override
    public void end(RunSummary summary) {
        file.end(summary);
        display.end(summary);
    }

    @Override
    public void close() {
        file.close();
        display.close();
    }
}
