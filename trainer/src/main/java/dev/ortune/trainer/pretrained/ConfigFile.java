package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import dev.ortune.trainer.encoder.BertConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The configuration beside a model's weights.
 *
 * @param file config.json, or Google's bert_config.json
 * @param json its content, {@code model_type} added where Google's lacks it
 * @param config what Ortune needs of it
 */
record ConfigFile(Path file, ObjectNode json, BertConfig config) {
    private static final List<String> INTEGERS = List.of(
            "vocab_size",
            "hidden_size",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "max_position_embeddings",
            "type_vocab_size");
    private static final List<String> NUMBERS =
            List.of("hidden_dropout_prob", "attention_probs_dropout_prob", "layer_norm_eps", "initializer_range");

    /** Reads the configuration of a model folder. */
    static ConfigFile read(Path folder) {
        Path google = folder.resolve("bert_config.json");
        Path own = folder.resolve("config.json");
        return of(Files.exists(google) && !Files.exists(own) ? google : own);
    }

    private static ConfigFile of(Path file) {
        ObjectNode json = JsonFile.readObject(file);
        INTEGERS.forEach(key -> requireInt(file, key, json.path(key)));
        NUMBERS.forEach(key -> requireNumber(file, key, json.path(key)));
        String positions = json.path("position_embedding_type").asText("absolute");
        if (!positions.equals("absolute")) {
            throw new OrtuneException(file + ": position_embedding_type \"" + Printable.of(positions)
                    + "\" is not supported; absolute is");
        }
        if (!json.has("model_type")) {
            json.put("model_type", "bert");
        }
        return new ConfigFile(file, json, config(file, json));
    }

    private static BertConfig config(Path file, ObjectNode json) {
        try {
            return BertConfig.fromJson(json);
        } catch (OrtuneException e) {
            String reason = e.getMessage().replaceFirst("^config\\.json: ", "");
            throw new OrtuneException(file + ": " + Printable.of(reason), e);
        }
    }

    private static void requireInt(Path file, String key, JsonNode value) {
        if (!value.isMissingNode() && !(value.isIntegralNumber() && value.canConvertToInt())) {
            throw new OrtuneException(
                    file + ": " + key + " must be a whole number, not " + Printable.of(value.toString()));
        }
    }

    private static void requireNumber(Path file, String key, JsonNode value) {
        if (!value.isMissingNode() && !(value.isNumber() && Double.isFinite(value.doubleValue()))) {
            throw new OrtuneException(file + ": " + key + " must be a number, not " + Printable.of(value.toString()));
        }
    }
}
