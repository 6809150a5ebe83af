package dev.ortune.trainer.model;

/** What a parameter is for, whatever it is called: it decides weight decay and how a fresh one is drawn. */
public enum Role {
    /** Of a linear layer. */
    MATRIX,
    /** Rows that are looked up. */
    TABLE,
    /** What is added to each row. */
    BIAS,
    /** The scale of a norm. */
    NORM;

    /** Whether weight decay applies: biases and norms are spared, as BERT's authors did. */
    public boolean decays() {
        return this == MATRIX || this == TABLE;
    }
}
