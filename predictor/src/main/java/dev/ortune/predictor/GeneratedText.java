package dev.ortune.predictor;

import java.util.List;

/**
 * What a text was gone on with.
 *
 * @param text what was added
 * @param reason why there is no more
 * @param promptTokens tokens of the text before
 * @param tokens those that were added
 */
public record GeneratedText(String text, FinishReason reason, int promptTokens, List<GeneratedToken> tokens)
        implements Answer {
    public GeneratedText {
        tokens = List.copyOf(tokens);
    }
}
