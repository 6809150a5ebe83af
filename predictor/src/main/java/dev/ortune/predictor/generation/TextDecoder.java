package dev.ortune.predictor.generation;

import ai.onnxruntime.OrtException;

/**
 * A network that tells the next token of a text, one token after the other: a decoder alone, or one behind an encoder, whose
 * prompt is what the encoder reads. One thread at a time.
 */
public interface TextDecoder extends AutoCloseable {
    /** A text under way, with what the network keeps of it. */
    interface Text extends AutoCloseable {
        /** A logit a token of the vocabulary for what comes next, {@code [vocab]}. */
        float[] logits();

        /** Adds a token and computes the logits of the one after it. */
        void add(long token) throws OrtException;

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

    /** Whether what is added goes on with the prompt, so that the prompt's tokens count as tokens of the text. */
    boolean goesOn();

    @Override
    void close();
}
