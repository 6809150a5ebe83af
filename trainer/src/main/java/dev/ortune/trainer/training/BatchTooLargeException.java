package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;

/** There was no memory for a batch. */
final class BatchTooLargeException extends OrtuneException {
    private static final long serialVersionUID = 1L;

    private final int fits;

    /** @param fits sentences of it for which there is; 0 for none */
    BatchTooLargeException(String message, int fits, Throwable cause) {
        super(message, cause);
        this.fits = fits;
    }

    /**
     * The same with the options of a run that would do, and whose steps are of as many sentences as this one's.
     *
     * @param batchSize sentences a batch of this run
     * @param accumulation batches a step
     */
    OrtuneException withAdvice(int batchSize, int accumulation) {
        if (fits == 0) {
            return this;
        }
        int size = Math.min(fits, batchSize);
        while (batchSize % size != 0) {
            size--;
        }
        return new OrtuneException(
                getMessage() + ": try --batch-size " + size + " --gradient-accumulation-steps "
                        + batchSize / size * accumulation + ", which trains the same",
                getCause());
    }
}
