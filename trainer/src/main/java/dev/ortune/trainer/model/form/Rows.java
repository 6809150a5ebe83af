package dev.ortune.trainer.model.form;

/** Which rows of the last layer a head reads; a form need not compute the others. */
public enum Rows {
    /** Each sequence's first token: {@code [batch, ..]}. */
    FIRST,
    /** Each sequence's last token: {@code [batch, ..]}. */
    LAST,
    /** The mean of each sequence's tokens, for which every token is computed: {@code [batch, ..]}. */
    MEAN,
    /** Every token. */
    ALL;

    /** Whether other tokens than these need not be computed by the last layer. */
    boolean areSingle() {
        return this == FIRST || this == LAST;
    }

    /** Whether there is one for each sequence. */
    boolean areOfSequences() {
        return this != ALL;
    }
}
