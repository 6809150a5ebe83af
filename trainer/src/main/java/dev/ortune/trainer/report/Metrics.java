package dev.ortune.trainer.report;

import java.util.Map;

/** How well a model did on a set, by what its task is measured by. */
public sealed interface Metrics
        permits AnswerMetrics,
                ChoiceMetrics,
                ClassificationMetrics,
                MaskedWords,
                TokenMetrics,
                RegressionMetrics,
                MultiLabelMetrics,
                WritingMetrics {
    /** Number of examples. */
    long count();

    /** The mean of the task's loss without weights of labels or label smoothing: cross entropy in nats, or squared error. */
    double loss();

    /** All that is measured but the loss, in the order in which people read it. */
    Map<Metric, Double> values();
}
