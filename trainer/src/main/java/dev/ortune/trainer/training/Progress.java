package dev.ortune.trainer.training;

import dev.ortune.trainer.report.EvaluationRecord;
import dev.ortune.trainer.report.LoopSummary;
import java.util.List;

/** Counts a loop's steps, sentences, losses and time; the clock of the sentences stands still while it is paused. */
final class Progress {
    private static final double NANOS = 1e9;

    private int steps;
    private int skipped;
    private long sentences;
    private double losses;
    private double lossesSinceTaken;
    private int stepsSinceTaken;
    private long began;
    private long resumed;
    private long nanos;
    private boolean paused = true;

    /**
     * What a resumed loop has to know.
     *
     * @param steps optimizer steps, those skipped included
     * @param skipped steps whose update was left out
     * @param sentences trained on
     * @param losses sum over the steps that were not skipped
     * @param lossesSinceTaken the same since the last evaluation
     * @param stepsSinceTaken their number
     * @param trainingNanos time of the steps
     * @param allNanos time of the loop
     */
    record State(
            int steps,
            int skipped,
            long sentences,
            double losses,
            double lossesSinceTaken,
            int stepsSinceTaken,
            long trainingNanos,
            long allNanos) {
        static final State START = new State(0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Begins where another loop stood. */
    void begin(State state) {
        steps = state.steps;
        skipped = state.skipped;
        sentences = state.sentences;
        losses = state.losses;
        lossesSinceTaken = state.lossesSinceTaken;
        stepsSinceTaken = state.stepsSinceTaken;
        nanos = state.trainingNanos;
        began = System.nanoTime() - state.allNanos;
        resume();
    }

    State state() {
        return new State(
                steps,
                skipped,
                sentences,
                losses,
                lossesSinceTaken,
                stepsSinceTaken,
                trainingNanos(),
                System.nanoTime() - began);
    }

    void step(double loss, int newSentences) {
        steps++;
        sentences += newSentences;
        losses += loss;
        lossesSinceTaken += loss;
        stepsSinceTaken++;
    }

    /** A step whose loss is no number. */
    void skip(int newSentences) {
        steps++;
        skipped++;
        sentences += newSentences;
    }

    void pause() {
        nanos = trainingNanos();
        paused = true;
    }

    void resume() {
        resumed = System.nanoTime();
        paused = false;
    }

    int steps() {
        return steps;
    }

    /** Steps that were not skipped. */
    int trained() {
        return steps - skipped;
    }

    double sentencesPerSecond() {
        return sentences / seconds();
    }

    double secondsLeft(int totalSteps) {
        return seconds() / steps * (totalSteps - steps);
    }

    /** Mean loss since this was last asked. */
    double takeMeanLoss() {
        double mean = lossesSinceTaken / stepsSinceTaken;
        lossesSinceTaken = 0;
        stepsSinceTaken = 0;
        return mean;
    }

    TrainingResult result(double epochs, int overflowed, List<EvaluationRecord> evaluations, boolean stoppedEarly) {
        double all = (System.nanoTime() - began) / NANOS;
        double loss = losses / trained();
        LoopSummary loop =
                new LoopSummary(steps, epochs, loss, skipped, overflowed, all, sentencesPerSecond(), stoppedEarly);
        return new TrainingResult(loop, evaluations);
    }

    private double seconds() {
        return trainingNanos() / NANOS;
    }

    private long trainingNanos() {
        return paused ? nanos : nanos + System.nanoTime() - resumed;
    }
}
