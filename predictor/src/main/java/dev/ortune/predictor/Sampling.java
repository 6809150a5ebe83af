package dev.ortune.predictor;

/**
 * How the next token is drawn among those that are likely.
 *
 * @param temperature divides the logits: above 1 all become more alike; above 0
 * @param topK the most tokens to draw from; 0 for all
 * @param topP only the likeliest tokens whose probabilities together reach this; 1 for all
 * @param seed the same one draws the same tokens
 */
public record Sampling(double temperature, int topK, double topP, long seed) {
    public Sampling {
        if (!(temperature > 0 && temperature < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("`temperature` must be strictly positive");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("`top_k` must be strictly positive");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("`top_p` must be > 0.0 and <= 1.0");
        }
    }
}
