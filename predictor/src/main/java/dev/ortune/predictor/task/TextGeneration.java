package dev.ortune.predictor.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Answer;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.files.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A model that goes on with a text, or writes another one after it. It does not answer texts in batches but a token at a time: {@code
 * generation} does.
 *
 * @param ends tokens that end a text
 * @param start what another text begins with, which a decoder writes after an encoder has read the first; empty where a text is gone
 *     on with
 */
public record TextGeneration(Set<Long> ends, OptionalLong start) implements Task {
    public TextGeneration {
        ends = Set.copyOf(ends);
    }

    /** By {@code eos_token_id} of generation_config.json where a folder has one, else of config.json: one token or several. */
    static TextGeneration of(Path file, ObjectNode config) {
        return new TextGeneration(ends(file, config), OptionalLong.empty());
    }

    /**
     * One that writes, likewise with {@code decoder_start_token_id}.
     *
     * @throws OrtuneException when nothing names it
     */
    static TextGeneration ofWriter(Path file, ObjectNode config) {
        JsonNode start = stated(file, config, "decoder_start_token_id");
        if (!start.isIntegralNumber()) {
            throw new OrtuneException(file + ": names no decoder_start_token_id, with which a text begins");
        }
        return new TextGeneration(ends(file, config), OptionalLong.of(start.longValue()));
    }

    private static Set<Long> ends(Path file, ObjectNode config) {
        JsonNode ids = stated(file, config, "eos_token_id");
        Set<Long> ends = new HashSet<>();
        for (JsonNode id : ids.isArray() ? ids : List.of(ids)) {
            if (id.isIntegralNumber()) {
                ends.add(id.longValue());
            }
        }
        return ends;
    }

    private static JsonNode stated(Path file, ObjectNode config, String key) {
        Path generation = file.resolveSibling("generation_config.json");
        JsonNode stated =
                Files.exists(generation) ? JsonFile.readObject(generation).path(key) : config.path(key);
        return stated.isMissingNode() || stated.isNull() ? config.path(key) : stated;
    }

    /** Whether a text is gone on with; else another one is written. */
    public boolean goesOn() {
        return start.isEmpty();
    }

    @Override
    public String pipelineTag() {
        return goesOn() ? "text-generation" : "text2text-generation";
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public OutputShape output() {
        return OutputShape.TOKEN;
    }

    @Override
    public boolean namesTokens() {
        return false;
    }

    @Override
    public Answer answer(Prediction prediction) {
        throw new UnsupportedOperationException("a text is not written in a batch");
    }
}
