package dev.ortune.server.cli;

import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.Sampling;
import java.util.List;
import picocli.CommandLine.Option;

/** How a model that writes texts goes on with them. */
final class GenerationOptions {
    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description = "Of a model that writes texts: the most tokens to add (default: ${DEFAULT-VALUE}).")
    private int maxNewTokens = 50;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            description = "Draw tokens, the likely ones more surely below 1 (default: take the likeliest).")
    private Double temperature;

    @Option(names = "--top-k", paramLabel = "N", description = "Draw from the likeliest N tokens.")
    private Integer topK;

    @Option(names = "--top-p", paramLabel = "X", description = "Draw from the likeliest tokens that together reach X.")
    private Double topP;

    @Option(names = "--seed", paramLabel = "N", description = "Of what is drawn (default: ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "X",
            description = "Make tokens that are there less likely, above 1 (default: ${DEFAULT-VALUE}).")
    private double repetitionPenalty = 1;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End with this text; may be given several times.")
    private List<String> stop = List.of();

    GenerationParameters parameters() {
        try {
            boolean draws = temperature != null || topK != null || topP != null;
            Sampling sampling = draws
                    ? new Sampling(
                            temperature == null ? 1 : temperature,
                            topK == null ? 0 : topK,
                            topP == null ? 1 : topP,
                            seed)
                    : null;
            return new GenerationParameters(maxNewTokens, sampling, repetitionPenalty, stop);
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(e.getMessage().replace("`", ""), e);
        }
    }
}
