package dev.ortune.trainer.training;

import dev.ortune.trainer.report.EvaluationRecord;
import java.util.List;

/** Counts a loop's steps, sentences, losses and time; time stands still while it is paused. */
final class Progress {
    private static final double NANOS = 1e9;

    private int steps;
    private long sentences;
    private double losses;
    private double lossesSinceTaken;
    private int stepsSinceTaken;
    private long began;
    private long resumed;
    private long nanos;

    void begin() {
        began = System.nanoTime();
        resumed = began;
    }

    void step(double loss, int newSentences) {
        steps++;
        sentences += newSentences;
        losses += loss;
        lossesSinceTaken += loss;
        stepsSinceTaken++;
    }

    void pause() {
        nanos += System.nanoTime() - resumed;
    }

    void resume() {
        resumed = System.nanoTime();
    }

    int steps() {
        return steps;
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

    TrainingResult result(double epochs, List<EvaluationRecord> evaluations, boolean stoppedEarly) {
        double all = (System.nanoTime() - began) / NANOS;
        return new TrainingResult(steps, epochs, losses / steps, evaluations, all, sentencesPerSecond(), stoppedEarly);
    }

    private double seconds() {
        return (nanos + System.nanoTime() - resumed) / NANOS;
    }
}
