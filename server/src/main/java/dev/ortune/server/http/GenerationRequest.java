package dev.ortune.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Beams;
import dev.ortune.predictor.GenerationParameters;
import dev.ortune.predictor.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a request for a text asks for, as text-generation-inference has it.
 *
 * @param parameters how the text is gone on with
 * @param truncate how many of the text's last tokens are read; 0 for all
 * @param fullText whether the answer has the text before, too
 * @param details whether it has the tokens
 */
record GenerationRequest(GenerationParameters parameters, int truncate, boolean fullText, boolean details) {
    /** Where nobody says how many; text-generation-inference's. */
    static final int MAX_NEW_TOKENS = 100;

    /** Where nobody says how many; OpenAI's. */
    private static final int MAX_TOKENS = 16;

    /** What its completions have beside these, and is not done here. */
    private static final List<String> NO_COMPLETIONS =
            List.of("best_of", "frequency_penalty", "logit_bias", "logprobs", "n", "presence_penalty", "suffix");

    /** What it has beside these, and is not done here. */
    private static final List<String> UNSUPPORTED =
            List.of("adapter_id", "best_of", "frequency_penalty", "grammar", "top_n_tokens", "typical_p", "watermark");

    /**
     * Reads the object {@code parameters} of a body.
     *
     * @param fullText whether the text before is in the answer where nobody says it
     */
    static GenerationRequest of(JsonBody body, boolean fullText) {
        JsonBody parameters = body.object("parameters");
        ObjectNode json = parameters.json();
        refuse(json, UNSUPPORTED);
        try {
            GenerationParameters read = new GenerationParameters(
                    integer(json, "max_new_tokens", MAX_NEW_TOKENS),
                    sampling(parameters),
                    number(json, "repetition_penalty", 1),
                    stop(json),
                    beams(json));
            int truncate = integer(json, "truncate", 0);
            if (truncate < 0) {
                throw new IllegalArgumentException("`truncate` must be strictly positive");
            }
            return new GenerationRequest(
                    read, truncate, parameters.flag("return_full_text", fullText), parameters.flag("details", false));
        } catch (IllegalArgumentException e) {
            throw JsonBody.invalid(e.getMessage());
        }
    }

    /**
     * Reads a body as OpenAI's completions have it: tokens are drawn where nobody says that the temperature is 0.
     */
    static GenerationRequest ofCompletion(JsonBody body) {
        ObjectNode json = body.json();
        refuse(json, NO_COMPLETIONS);
        try {
            int most = integer(json, "max_tokens", MAX_TOKENS);
            if (most < 1) {
                throw new IllegalArgumentException("`max_tokens` must be strictly positive");
            }
            double temperature = number(json, "temperature", 1);
            Sampling sampling =
                    temperature == 0 ? null : new Sampling(temperature, 0, number(json, "top_p", 1), seed(json));
            GenerationParameters read = new GenerationParameters(most, sampling, 1, stop(json), null);
            return new GenerationRequest(read, 0, body.flag("echo", false), false);
        } catch (IllegalArgumentException e) {
            throw JsonBody.invalid(e.getMessage());
        }
    }

    /** Fails where one is given and is not what it is without anybody saying so. */
    private static void refuse(ObjectNode json, List<String> names) {
        for (String name : names) {
            JsonNode value = json.path(name);
            boolean usual = value.isMissingNode()
                    || value.isNull()
                    || (value.isObject() && value.isEmpty() && name.equals("logit_bias"))
                    || (value.isBoolean() && !value.booleanValue())
                    || (value.isNumber() && value.doubleValue() == (name.endsWith("_penalty") ? 0 : 1));
            if (!usual) {
                throw JsonBody.invalid("`" + name + "` is not supported");
            }
        }
    }

    private static long seed(ObjectNode json) {
        JsonNode seed = json.path("seed");
        if (!seed.isMissingNode() && !seed.isNull() && !seed.canConvertToLong()) {
            throw new IllegalArgumentException("`seed` must be a whole number");
        }
        return seed.isNumber() ? seed.longValue() : ThreadLocalRandom.current().nextLong(Integer.MAX_VALUE);
    }

    /** Where any of its numbers are given, or {@code do_sample} is true; a seed that nobody names is drawn. */
    private static Sampling sampling(JsonBody parameters) {
        ObjectNode json = parameters.json();
        double temperature = number(json, "temperature", 1);
        int topK = integer(json, "top_k", 0);
        double topP = number(json, "top_p", 1);
        Sampling sampling = new Sampling(temperature, topK, topP, seed(json));
        boolean samples = parameters.flag("do_sample", false) || temperature != 1 || topK != 0 || topP != 1;
        return samples ? sampling : null;
    }

    /** By transformers' names; null where they say that one way is followed. */
    private static Beams beams(ObjectNode json) {
        int count = integer(json, "num_beams", 1);
        double lengthPenalty = number(json, "length_penalty", 1);
        JsonNode early = json.path("early_stopping");
        Beams.EarlyStopping stopping;
        if (early.isMissingNode() || early.isNull() || early.isBoolean()) {
            stopping = early.asBoolean(false) ? Beams.EarlyStopping.TRUE : Beams.EarlyStopping.FALSE;
        } else if (early.asText().equals("never")) {
            stopping = Beams.EarlyStopping.NEVER;
        } else {
            throw new IllegalArgumentException("`early_stopping` must be true, false or \"never\"");
        }
        return count == 1 ? null : new Beams(count, lengthPenalty, stopping);
    }

    private static List<String> stop(ObjectNode json) {
        JsonNode stated = json.has("stop") ? json.path("stop") : json.path("stop_sequences");
        List<String> stop = new ArrayList<>();
        if (!stated.isMissingNode() && !stated.isNull()) {
            for (JsonNode each : stated.isArray() ? stated : List.of(stated)) {
                if (!each.isTextual()) {
                    throw new IllegalArgumentException("`stop` must be a list of strings");
                }
                stop.add(each.textValue());
            }
        }
        return stop;
    }

    private static int integer(ObjectNode json, String name, int otherwise) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new IllegalArgumentException("`" + name + "` must be a whole number");
        }
        return value.intValue();
    }

    private static double number(ObjectNode json, String name, double otherwise) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return otherwise;
        }
        if (!value.isNumber()) {
            throw new IllegalArgumentException("`" + name + "` must be a number");
        }
        return value.doubleValue();
    }

    /** The tokens of a text that are read. */
    long[] cut(long[] prompt) {
        return truncate == 0 || prompt.length <= truncate
                ? prompt
                : Arrays.copyOfRange(prompt, prompt.length - truncate, prompt.length);
    }
}
