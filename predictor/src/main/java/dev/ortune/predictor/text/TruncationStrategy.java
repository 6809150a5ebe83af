package dev.ortune.predictor.text;

/** Which text of a pair that is too long loses tokens, under the names of transformers. A single text always does. */
enum TruncationStrategy {
    /** The longer one until both are equally long, then both. */
    LONGEST_FIRST,
    /** The first alone. */
    ONLY_FIRST,
    /** The second alone. */
    ONLY_SECOND
}
