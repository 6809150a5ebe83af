package dev.ortune.trainer.training;

/**
 * What a training session must know to go on, beside ONNX Runtime's checkpoint.
 *
 * @param batches forward and backward passes done, from which the seed of the next dropout follows
 * @param missedDecay the factor that weight decay has put on rows of the word embedding outside the session
 * @param lossScale where the loss's scale stands, if it is scaled
 */
public record SessionState(long batches, double missedDecay, LossScale.State lossScale) {
    /** Before the first step. */
    static final SessionState START = new SessionState(0, 1, LossScale.State.START);
}
