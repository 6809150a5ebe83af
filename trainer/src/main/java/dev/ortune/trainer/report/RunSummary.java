package dev.ortune.trainer.report;

import java.util.List;

/**
 * How a training run went.
 *
 * @param out folder of the model
 * @param steps optimizer steps done
 * @param epoch epochs done, as a fraction
 * @param trainLoss mean loss of all steps that were not skipped
 * @param skipped steps whose update was left out, as their loss or gradient was no number
 * @param overflowed steps without an update, as their gradients overflowed in half precision
 * @param seconds time of the whole loop, evaluations included
 * @param sentencesPerSecond trained on, evaluations not counted
 * @param stoppedEarly whether early stopping ended it
 * @param evaluations on the validation set, in order
 * @param test on the test set, or null without one
 * @param testBatches MCC of the test set a batch; null without one, or where the task has no MCC
 * @param report the page that shows it all, or why there is none; null before it was written
 */
public record RunSummary(
        String out,
        int steps,
        double epoch,
        double trainLoss,
        int skipped,
        int overflowed,
        double seconds,
        double sentencesPerSecond,
        boolean stoppedEarly,
        List<EvaluationRecord> evaluations,
        Metrics test,
        BatchMcc testBatches,
        String report) {
    public RunSummary {
        evaluations = List.copyOf(evaluations);
    }

    /** The same with its report. */
    public RunSummary withReport(String page) {
        return new RunSummary(
                out,
                steps,
                epoch,
                trainLoss,
                skipped,
                overflowed,
                seconds,
                sentencesPerSecond,
                stoppedEarly,
                evaluations,
                test,
                testBatches,
                page);
    }

    /** The evaluation whose weights the model has; null when there was none. */
    public EvaluationRecord best() {
        return evaluations.stream()
                .filter(EvaluationRecord::best)
                .reduce((earlier, later) -> later)
                .orElse(null);
    }
}
