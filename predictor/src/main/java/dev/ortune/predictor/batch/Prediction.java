package dev.ortune.predictor.batch;

import dev.ortune.predictor.text.EncodedText;
import java.time.Duration;

/**
 * What a model's graph gives of a text; its task says what that means.
 *
 * @param logits {@code [labels]}, or where the task answers for each token {@code [tokens * labels]}, a token's together;
 *     of several outputs one after the other
 * @param text what it was given
 * @param queue how long the text waited for its batch
 * @param inference how long its batch took
 */
public record Prediction(float[] logits, EncodedText text, Duration queue, Duration inference) {
    /** Tokens of the text, special ones included. */
    public int tokens() {
        return text.length();
    }
}
