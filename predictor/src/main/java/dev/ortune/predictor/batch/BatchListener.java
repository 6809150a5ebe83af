package dev.ortune.predictor.batch;

/** Hears of what a batcher does; called on its threads, so it must be quick and must not throw. */
public interface BatchListener {
    /** Hears nothing. */
    BatchListener NONE = new BatchListener() {};

    /**
     * A batch is about to run.
     *
     * @param texts in it
     * @param tokens in all of them, without what shorter ones are filled up with
     */
    default void next(int texts, int tokens) {}

    /** Texts were taken out of the queue because nobody waits for them any more. */
    default void dropped(int texts) {}
}
