package dev.ortune.server.cli;

import dev.ortune.predictor.Beams;
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

    @Option(
            names = "--num-beams",
            paramLabel = "N",
            description = "Follow so many ways to go on, and take the likeliest as a whole (default: 1).")
    private int numBeams = 1;

    @Option(
            names = "--length-penalty",
            paramLabel = "X",
            description = "Of beams: above 0 longer texts are favoured (default: ${DEFAULT-VALUE}).")
    private double lengthPenalty = 1;

    @Option(names = "--early-stopping", description = "Of beams: stop as soon as so many texts have ended.")
    private boolean earlyStopping;

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
            Beams beams = numBeams == 1
                    ? null
                    : new Beams(
                            numBeams,
                            lengthPenalty,
                            earlyStopping ? Beams.EarlyStopping.TRUE : Beams.EarlyStopping.FALSE);
            return new GenerationParameters(maxNewTokens, sampling, repetitionPenalty, stop, beams);
        } catch (IllegalArgumentException e) {
            throw new OrtuneException(e.getMessage().replace("`", ""), e);
        }
    }
}
