package dev.ortune.trainer.report.run;

import dev.ortune.trainer.report.Metric;
import java.util.List;
import java.util.Map;

/**
 * How a run went, from its {@code metrics.jsonl}.
 *
 * @param steps the steps that were written down, in order
 * @param evaluations on the validation set, in order
 * @param end what was written at the end, or null where the run did not get there
 */
public record History(List<Step> steps, List<Evaluation> evaluations, End end) {
    /** Nothing at all. */
    public static final History NONE = new History(List.of(), List.of(), null);

    public History {
        steps = List.copyOf(steps);
        evaluations = List.copyOf(evaluations);
    }

    /**
     * One optimizer step, or the mean of several.
     *
     * @param step optimizer steps done, this one included
     * @param epoch epochs done, as a fraction
     * @param loss mean over the examples
     * @param learningRate the step's
     * @param gradNorm global norm of the gradients before clipping; NaN where nobody computed it
     */
    public record Step(int step, double epoch, double loss, double learningRate, double gradNorm) {}

    /**
     * One evaluation on the validation set.
     *
     * @param step optimizer steps done
     * @param epoch epochs done, as a fraction
     * @param trainLoss mean loss of the steps since the last evaluation
     * @param loss on the validation set, as all that follows
     * @param values what else was measured, in the order in which it was written
     * @param best whether it was the best so far, so that its weights were kept
     */
    public record Evaluation(
            int step, double epoch, double trainLoss, double loss, Map<Metric, Double> values, boolean best) {
        /** NaN where it was not measured. */
        public double value(Metric metric) {
            return metric == Metric.LOSS ? loss : values.getOrDefault(metric, Double.NaN);
        }
    }

    /** What was measured at any evaluation, in the order in which it was written. */
    public List<Metric> metrics() {
        return evaluations.stream()
                .flatMap(evaluation -> evaluation.values().keySet().stream())
                .distinct()
                .toList();
    }

    /**
     * The end.
     *
     * @param seconds time of the whole loop
     * @param sentencesPerSecond trained on
     * @param stoppedEarly whether early stopping ended it
     * @param test what was measured on the test set, its loss among it; nothing where there was none
     */
    public record End(double seconds, double sentencesPerSecond, boolean stoppedEarly, Map<Metric, Double> test) {}

    /** Optimizer steps done. */
    public int lastStep() {
        return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).step();
    }

    /** Epochs done, as a fraction. */
    public double lastEpoch() {
        return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).epoch();
    }

    /** The evaluation whose weights the model has, or null. */
    public Evaluation best() {
        return evaluations.stream()
                .filter(Evaluation::best)
                .reduce((earlier, later) -> later)
                .orElse(null);
    }
}
