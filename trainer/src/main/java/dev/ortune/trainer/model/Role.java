package dev.ortune.trainer.model;

/** What a parameter is for, whatever it is called: it decides weight decay and how a fresh one is drawn. */
public enum Role {
    /** Of a linear layer. */
    MATRIX,
    /** Of a linear layer that keeps it as {@code [in, out]}: transformers' {@code Conv1D}. */
    INPUTS_FIRST,
    /** Rows that are looked up. */
    TABLE,
    /** What is added to each row. */
    BIAS,
    /** The scale of a norm. */
    NORM;

    /** Whether it is the weight of a linear layer. */
    public boolean isLinear() {
        return this == MATRIX || this == INPUTS_FIRST;
    }

    /** Whether weight decay applies: biases and norms are spared, as BERT's authors did. */
    public boolean decays() {
        return isLinear() || this == TABLE;
    }
}
