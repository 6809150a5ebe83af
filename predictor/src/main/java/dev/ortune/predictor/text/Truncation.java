package dev.ortune.predictor.text;

/** What becomes of a text that is longer than the model takes. */
public enum Truncation {
    /** It is refused. */
    NONE,
    /** Its end is cut off. */
    RIGHT,
    /** Its beginning is cut off. */
    LEFT
}
