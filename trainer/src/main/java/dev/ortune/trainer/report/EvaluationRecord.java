package dev.ortune.trainer.report;

/**
 * One evaluation on the validation set.
 *
 * @param step optimizer steps done
 * @param epoch epochs done, as a fraction
 * @param trainLoss mean loss of the steps since the last evaluation
 * @param metrics on the validation set
 * @param best whether this is the best so far, so that its weights were kept
 */
public record EvaluationRecord(int step, double epoch, double trainLoss, Metrics metrics, boolean best) {}
