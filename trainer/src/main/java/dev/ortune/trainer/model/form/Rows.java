package dev.ortune.trainer.model.form;

/** Which rows of the last layer a head reads; a form need not compute the others. */
public enum Rows {
    /** Each sequence's first token: {@code [batch, ..]}. */
    FIRST,
    /** The mean of each sequence's tokens, for which every token is computed: {@code [batch, ..]}. */
    MEAN,
    /** Each sequence's last token: {@code [batch, ..]}. */
    LAST,
    /** Every token. */
    ALL;

    /** Whether there is one for each sequence. */
    boolean areOfSequences() {
        return this != ALL;
    }
}
