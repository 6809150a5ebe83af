package dev.ortune.predictor;

/** Why a text was not gone on with, as text-generation-inference names it. */
public enum FinishReason {
    /** As many tokens as were asked for, or as the model has places for. */
    LENGTH("length"),
    /** The model ended it. */
    END_OF_TEXT("eos_token"),
    /** One of the strings that were asked for came up. */
    STOP("stop_sequence");

    private final String wireName;

    FinishReason(String wireName) {
        this.wireName = wireName;
    }

    /** As {@code finish_reason} has it. */
    public String wireName() {
        return wireName;
    }
}
