package dev.ortune.predictor;

/**
 * That several ways to go on with a text are followed side by side, and the likeliest as a whole is taken: beam search, as
 * transformers' generate does it.
 *
 * @param count how many, from 2 to {@value #MOST}
 * @param lengthPenalty by what power of its number of tokens the logarithm of a text's probability is divided: above 0 longer ones are
 *     favoured
 * @param earlyStopping when to stop
 */
public record Beams(int count, double lengthPenalty, EarlyStopping earlyStopping) {
    /** Each keeps keys and values of all its tokens. */
    public static final int MOST = 32;

    /** When there is no use in following others any further, under transformers' names. */
    public enum EarlyStopping {
        /** As soon as so many texts have ended. */
        TRUE,
        /** When no text under way is likely to become better than those that have ended, by its length now: transformers' usual one. */
        FALSE,
        /** When none can become better. */
        NEVER
    }

    public Beams {
        if (count < 2 || count > MOST) {
            throw new IllegalArgumentException("`num_beams` must be from 1 to " + MOST);
        }
        if (!Double.isFinite(lengthPenalty)) {
            throw new IllegalArgumentException("`length_penalty` must be a number");
        }
    }
}
