package dev.ortune.trainer.report;

import java.util.Map;

/** How well a model did on a set, by what its task is measured by. */
public sealed interface Metrics permits ClassificationMetrics, TokenMetrics {
    /** Number of examples. */
    long count();

    /** Mean cross entropy in nats, without class weights or label smoothing. */
    double loss();

    /** All that is measured but the loss, in the order in which people read it. */
    Map<Metric, Double> values();
}
