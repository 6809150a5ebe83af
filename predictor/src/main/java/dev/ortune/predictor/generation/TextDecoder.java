package dev.ortune.predictor.generation;

import ai.onnxruntime.OrtException;

/**
 * A network that tells the next token of a text, one token after the other: a decoder alone, or one behind an encoder, whose
 * prompt is what the encoder reads. One thread at a time.
 */
public interface TextDecoder extends AutoCloseable {
    /** A text under way, or several ways to go on with it as rows side by side, with what the network keeps of it: one row at first. */
    interface Text extends AutoCloseable {
        /** Of each row a logit a token of the vocabulary for what comes next, {@code [rows][vocab]}. */
        float[][] logits();

        /**
         * Adds a token to some of the rows, or to one several times, and computes the logits of what comes after it.
         *
         * @param rows of each new row the one that it goes on with
         * @param tokens of each new row the token that is added
         */
        void add(int[] rows, long[] tokens) throws OrtException;

        @Override
        void close();
    }

    /**
     * Reads a prompt.
     *
     * @param prompt its tokens, one at least
     */
    Text begin(long[] prompt) throws OrtException;

    /**
     * How many tokens can be added behind a prompt of so many.
     *
     * @param promptTokens tokens of it
     */
    int room(int promptTokens);

    /** The tokens of the text before any is added: the prompt, or behind an encoder what a decoder begins with. */
    long[] before(long[] prompt);

    @Override
    void close();
}
