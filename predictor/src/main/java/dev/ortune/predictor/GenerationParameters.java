package dev.ortune.predictor;

import java.util.List;

/**
 * How a text is gone on with.
 *
 * @param maxNewTokens the most tokens that are added
 * @param sampling how they are drawn; null to take the likeliest
 * @param repetitionPenalty makes tokens that are there already less likely, above 1 (Keskar et al. 2019, arXiv:1909.05858)
 * @param stop strings with which the text ends where they come up
 * @param beams how several ways to go on are followed; null for one way
 */
public record GenerationParameters(
        int maxNewTokens, Sampling sampling, double repetitionPenalty, List<String> stop, Beams beams) {
    public GenerationParameters {
        stop = List.copyOf(stop);
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("`max_new_tokens` must be strictly positive");
        }
        if (!(repetitionPenalty > 0 && repetitionPenalty < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("`repetition_penalty` must be strictly positive");
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("`stop` must hold no empty string");
        }
        if (sampling != null && beams != null) {
            throw new IllegalArgumentException("`num_beams` above 1 is not supported with `do_sample`");
        }
    }

    /** One way, of the likeliest tokens or of those that are drawn. */
    public GenerationParameters(int maxNewTokens, Sampling sampling, double repetitionPenalty, List<String> stop) {
        this(maxNewTokens, sampling, repetitionPenalty, stop, null);
    }

    /** The likeliest tokens, so many. */
    public static GenerationParameters greedy(int maxNewTokens) {
        return new GenerationParameters(maxNewTokens, null, 1, List.of());
    }
}
