package dev.ortune.trainer.corpus;

import java.util.OptionalInt;
import java.util.SplittableRandom;

/** What a model is to say of a sequence's tokens, and what it sees of them. */
public sealed interface Labelling permits Masking, NextTokens {
    /** Whether anything could be asked of these tokens. */
    boolean hasLabels(int[] tokens);

    /**
     * Labels a sequence.
     *
     * @param random for what is drawn
     * @param tokens as {@link dev.ortune.trainer.text.Pieces} has them
     * @param ids takes what the model sees, from {@code at} on
     * @param labels takes what it is to say, {@link dev.ortune.trainer.data.Targets#IGNORED} for nothing, from {@code at} on
     * @return how many tokens are labelled
     */
    int label(SplittableRandom random, int[] tokens, long[] ids, long[] labels, int at);

    /** The token that ends a document, where a model is to learn that. */
    default OptionalInt documentEnd() {
        return OptionalInt.empty();
    }

    /** Whether it matters which tokens are of one word. */
    default boolean readsWords() {
        return false;
    }

    /** Whether the ends of lines are a part of the texts. */
    default boolean keepsLineEnds() {
        return false;
    }
}
