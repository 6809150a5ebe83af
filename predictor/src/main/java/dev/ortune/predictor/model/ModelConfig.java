package dev.ortune.predictor.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.JsonFile;
import dev.ortune.predictor.task.Task;
import dev.ortune.predictor.text.TokenizerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What config.json and tokenizer_config.json say of a model.
 *
 * @param type the family, as transformers names it; empty where config.json does not say
 * @param task what it was trained for
 * @param maxLength the most tokens it takes, special ones included
 * @param padId fills up a batch's shorter rows
 */
record ModelConfig(String type, Task task, int maxLength, long padId) {
    /** A token between the two special ones. */
    private static final int SHORTEST = 3;

    /** Of a model that has no limit of its own. */
    private static final int POSITIONS = 512;

    /** More is no limit but a number that stands for none. */
    private static final int LONGEST = 1 << 16;

    /** Model types whose n_positions is what they were trained with and not what they can take. */
    private static final Set<String> RELATIVE = Set.of("t5", "mt5", "umt5", "longt5");

    /** Model types that count positions from the one after the padding id. */
    private static final Set<String> OFFSET = Set.of("roberta", "xlm-roberta", "camembert", "mpnet");

    /**
     * Reads the two files.
     *
     * @throws OrtuneException when what they say is of no use
     */
    static ModelConfig read(Path folder) {
        return of(folder, JsonFile.readObject(folder.resolve("config.json")));
    }

    /** Likewise, of an adapter of which another file says what config.json does. */
    static ModelConfig of(Path folder, ObjectNode config) {
        Path file = folder.resolve("config.json");
        String type = config.path("model_type").asText();
        boolean offset = OFFSET.contains(type);
        // What stands in config.json is what the graph was made with; the tokenizer's own could be another.
        long padId = config.path("pad_token_id").asLong(offset ? 1 : 0);
        double named = TokenizerConfig.read(folder).maxLength(Double.MAX_VALUE);
        double positions = positions(file, config, named) - (offset ? padId + 1 : 0);
        if (positions < SHORTEST || positions > Integer.MAX_VALUE) {
            throw new OrtuneException(file + ": max_position_embeddings is " + (long) positions(file, config, named)
                    + ", which leaves no room for text");
        }
        int maxLength = (int) (named >= SHORTEST ? Math.min(named, positions) : positions);
        return new ModelConfig(type, Task.of(file, config), maxLength, padId);
    }

    /**
     * How many tokens the graph takes; where it counts their distances and not their places, as many as the tokenizer may make.
     */
    private static double positions(Path file, ObjectNode config, double named) {
        for (String field : List.of("max_position_embeddings", "n_positions")) {
            JsonNode positions = config.path(field);
            boolean hint = field.equals("n_positions")
                    && RELATIVE.contains(config.path("model_type").asText());
            if (!positions.isMissingNode() && !positions.isNull() && !hint) {
                if (!positions.isNumber()) {
                    throw new OrtuneException(file + ": " + field + " is no number");
                }
                return positions.doubleValue();
            }
        }
        return named >= SHORTEST && named <= LONGEST ? named : POSITIONS;
    }
}
