package dev.ortune.predictor.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Answer;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.files.JsonFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A model that goes on with a text. It does not answer texts in batches but a token at a time: {@code generation} does.
 *
 * @param ends tokens that end a text
 */
public record TextGeneration(Set<Long> ends) implements Task {
    public TextGeneration {
        ends = Set.copyOf(ends);
    }

    /** By {@code eos_token_id} of generation_config.json where a folder has one, else of config.json: one token or several. */
    static TextGeneration of(Path file, ObjectNode config) {
        Path generation = file.resolveSibling("generation_config.json");
        JsonNode stated = Files.exists(generation)
                ? JsonFile.readObject(generation).path("eos_token_id")
                : config.path("eos_token_id");
        JsonNode ids = stated.isMissingNode() || stated.isNull() ? config.path("eos_token_id") : stated;
        Set<Long> ends = new HashSet<>();
        for (JsonNode id : ids.isArray() ? ids : List.of(ids)) {
            if (id.isIntegralNumber()) {
                ends.add(id.longValue());
            }
        }
        return new TextGeneration(ends);
    }

    @Override
    public String pipelineTag() {
        return "text-generation";
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
