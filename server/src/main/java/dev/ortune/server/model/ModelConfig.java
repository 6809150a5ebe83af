package dev.ortune.server.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.JsonFile;
import dev.ortune.server.OrtuneException;
import dev.ortune.server.task.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What config.json and tokenizer_config.json say of a model.
 *
 * @param task what it was trained for
 * @param maxLength the most tokens it takes, special ones included
 * @param padId fills up a batch's shorter rows
 */
record ModelConfig(Task task, int maxLength, long padId) {
    /** A token between the two special ones. */
    private static final int SHORTEST = 3;

    /** Model types that count positions from the one after the padding id. */
    private static final Set<String> OFFSET = Set.of("roberta", "xlm-roberta", "camembert", "mpnet");

    /**
     * Reads the two files.
     *
     * @throws OrtuneException when what they say is of no use
     */
    static ModelConfig read(Path folder) {
        Path file = folder.resolve("config.json");
        ObjectNode config = JsonFile.readObject(file);
        boolean offset = OFFSET.contains(config.path("model_type").asText());
        // What stands in config.json is what the graph was made with; the tokenizer's own could be another.
        long padId = config.path("pad_token_id").asLong(offset ? 1 : 0);
        long positions = config.path("max_position_embeddings").asInt(512) - (offset ? padId + 1 : 0);
        if (positions < SHORTEST || positions > Integer.MAX_VALUE) {
            throw new OrtuneException(file + ": max_position_embeddings is "
                    + config.path("max_position_embeddings").asInt(512) + ", which leaves no room for text");
        }
        return new ModelConfig(Task.of(file, config), maxLength(folder, (int) positions), padId);
    }

    private static int maxLength(Path folder, int positions) {
        Path file = folder.resolve("tokenizer_config.json");
        // Hugging Face writes a number beyond any int where there is no limit.
        double named = Files.exists(file)
                ? JsonFile.readObject(file).path("model_max_length").asDouble(positions)
                : positions;
        return named >= SHORTEST ? (int) Math.min(named, positions) : positions;
    }
}
