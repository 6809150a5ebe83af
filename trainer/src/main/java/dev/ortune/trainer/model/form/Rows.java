package dev.ortune.trainer.model.form;

/** Which rows of the last layer a head reads; a form need not compute the others. */
public enum Rows {
    /** Each sequence's first token: {@code [batch, ..]}. */
    FIRST,
    /** Every token. */
    ALL
}
