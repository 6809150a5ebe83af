package dev.ortune.trainer.report;

import java.util.List;

/**
 * How a training run went.
 *
 * @param out folder of the model
 * @param loop what the loop did
 * @param evaluations on the validation set, in order
 * @param test on the test set, or null without one
 * @param testBatches MCC of the test set a batch; null without one, or where the task has no MCC
 * @param report the page that shows it all, or why there is none; null before it was written
 */
public record RunSummary(
        String out,
        LoopSummary loop,
        List<EvaluationRecord> evaluations,
        Metrics test,
        BatchMcc testBatches,
        String report) {
    public RunSummary {
        evaluations = List.copyOf(evaluations);
    }

    /** The same with its report. */
    public RunSummary withReport(String page) {
        return new RunSummary(out, loop, evaluations, test, testBatches, page);
    }

    /** The evaluation whose weights the model has; null when there was none. */
    public EvaluationRecord best() {
        return evaluations.stream()
                .filter(EvaluationRecord::best)
                .reduce((earlier, later) -> later)
                .orElse(null);
    }
}
