package dev.ortune.trainer.report;

/** Where a training run tells how it goes. */
public interface TrainingLog extends AutoCloseable {
    /** Before the first step. */
    void begin(RunDescription run);

    /** Something that a person should know, in a line. */
    default void notice(String line) {}

    /** After each optimizer step. */
    void step(StepRecord step);

    /** After each evaluation. */
    void evaluation(EvaluationRecord evaluation);

    /** When everything went well. */
    void end(RunSummary summary);

    /** Whether it went well or not. */
    @Override
    void close();
}
