package dev.ortune.exporter.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a {@code config.json} says that an export needs. Nothing in it has to be there: what is missing is what transformers
 * takes for it, or what the graph shows.
 *
 * @param file where it stands, for messages
 * @param architecture transformers' class, such as {@code RobertaForTokenClassification}; empty where none is named
 * @param problemType transformers' {@code problem_type}; empty where none is named
 * @param labels their names in the order of their ids; empty where none are named
 * @param thresholds the probability from which a label is given where a text may have several, by its name; 0.5 for others
 * @param maxLength the most tokens that the positions are enough for, special ones included
 * @param padId the token that fills up a batch's shorter rows
 */
public record ModelConfig(
        Path file,
        String architecture,
        String problemType,
        List<String> labels,
        Map<String, Double> thresholds,
        int maxLength,
        long padId) {
    /** Their positions count from the padding token's id + 1, so as many places fewer are left for tokens. */
    private static final Set<String> POSITIONS_AFTER_PADDING = Set.of("roberta", "xlm-roberta", "camembert", "mpnet");

    private static final int USUAL_POSITIONS = 512;
    private static final int FEWEST_TOKENS = 3;

    /**
     * Reads it.
     *
     * @throws OrtuneException when labels are not named as transformers names them
     */
    static ModelConfig of(Path file, ObjectNode config) {
        boolean after =
                POSITIONS_AFTER_PADDING.contains(config.path("model_type").asText());
        long padId = config.path("pad_token_id").asLong(after ? 1 : 0);
        // GPT-2 calls them otherwise.
        int named = config.path("n_positions").asInt(USUAL_POSITIONS);
        int positions = config.path("max_position_embeddings").asInt(named);
        long most = after ? positions - padId - 1 : positions;
        return new ModelConfig(
                file,
                text(config.path("architectures").path(0)),
                text(config.path("problem_type")),
                labels(file, config.path("id2label")),
                thresholds(config.path("thresholds")),
                // Whatever else stands there cannot be a number of tokens.
                most >= FEWEST_TOKENS && most <= positions ? (int) most : USUAL_POSITIONS,
                padId);
    }

    private static Map<String, Double> thresholds(JsonNode named) {
        Map<String, Double> thresholds = new HashMap<>();
        named.properties().forEach(field -> {
            double value = field.getValue().asDouble(Double.NaN);
            if (value > 0 && value < 1) {
                thresholds.put(field.getKey(), value);
            }
        });
        return Map.copyOf(thresholds);
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : "";
    }

    private static List<String> labels(Path file, JsonNode names) {
        List<String> labels = new ArrayList<>();
        for (int id = 0; id < names.size(); id++) {
            JsonNode name = names.path(String.valueOf(id));
            if (!name.isTextual()) {
                throw new OrtuneException(file + ": id2label has no name for label " + id);
            }
            if (!Printable.isPlain(name.textValue())) {
                throw new OrtuneException(
                        file + ": id2label has control characters in " + Printable.of(name.textValue()));
            }
            labels.add(name.textValue());
        }
        return List.copyOf(labels);
    }
}
