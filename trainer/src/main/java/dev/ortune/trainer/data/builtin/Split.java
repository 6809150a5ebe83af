package dev.ortune.trainer.data.builtin;

/** A part of the built-in set. No template, and so no sentence, is in two of them. */
public enum Split {
    TRAIN(132),
    VALIDATION(14),
    TEST(17);

    private final int pairs;

    Split(int pairs) {
        this.pairs = pairs;
    }

    /** Minimal pairs of each phenomenon in this part. */
    int pairs() {
        return pairs;
    }
}
