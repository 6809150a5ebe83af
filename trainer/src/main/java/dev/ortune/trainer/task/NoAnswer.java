package dev.ortune.trainer.task;

/** Whether a context may have no answer to a question. */
public enum NoAnswer {
    /** As the questions of the training set tell. */
    AS_THE_DATA,
    /** Each has one: SQuAD 1.1. */
    NEVER,
    /** Some have none: SQuAD 2.0. */
    POSSIBLE
}
