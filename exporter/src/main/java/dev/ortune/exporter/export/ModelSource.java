package dev.ortune.exporter.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model folder as the exporter sees it: a Hugging Face folder with a {@code graph.onnx}.
 *
 * @param folder where it is
 * @param labels their names in the order of their ids
 * @param maxLength the most tokens it takes
 * @param padId the token that fills up a batch's shorter rows
 */
public record ModelSource(Path folder, List<String> labels, int maxLength, long padId) {
    private static final List<String> FILES =
            List.of("graph.onnx", "model.safetensors", "config.json", "tokenizer.json");

    /** Says how many tokens the model takes; not every folder has one. */
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";

    /**
     * Reads a folder's configuration.
     *
     * @throws OrtuneException when a file is missing or says nothing that can be used
     */
    public static ModelSource of(Path folder) {
        for (String name : FILES) {
            if (!Files.isRegularFile(folder.resolve(name))) {
                String hint = name.equals("graph.onnx") ? "; \"ortune train\" writes it" : "";
                throw new OrtuneException(folder.resolve(name) + ": no such file" + hint);
            }
        }
        Path file = folder.resolve("config.json");
        ObjectNode config = JsonFile.readObject(file);
        return new ModelSource(folder, labels(file, config), maxLength(folder, config), padId(config));
    }

    private static List<String> labels(Path file, ObjectNode config) {
        JsonNode names = config.path("id2label");
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
        if (labels.size() < 2) {
            throw new OrtuneException(
                    file + ": id2label names " + labels.size() + " labels; a classifier has two at" + " least");
        }
        return labels;
    }

    private static int maxLength(Path folder, ObjectNode config) {
        int positions = config.path("max_position_embeddings").asInt(512);
        Path file = folder.resolve(TOKENIZER_CONFIG);
        // Hugging Face writes a number beyond any int where there is no limit.
        double named = Files.exists(file)
                ? JsonFile.readObject(file).path("model_max_length").asDouble(positions)
                : positions;
        return named >= 3 ? (int) Math.min(named, positions) : positions;
    }

    private static long padId(ObjectNode config) {
        return config.path("pad_token_id").asLong(0);
    }

    public Path graph() {
        return folder.resolve("graph.onnx");
    }

    public Path weights() {
        return folder.resolve("model.safetensors");
    }

    /** The SHA-256 of each file that an export is made from. */
    public Map<String, String> hashes() {
        Map<String, String> hashes = new LinkedHashMap<>();
        FILES.forEach(name -> hashes.put(name, Sha256.of(folder.resolve(name))));
        if (Files.exists(folder.resolve(TOKENIZER_CONFIG))) {
            hashes.put(TOKENIZER_CONFIG, Sha256.of(folder.resolve(TOKENIZER_CONFIG)));
        }
        return hashes;
    }

    /** What travels inside of each exported file. */
    Map<String, String> metadata(Precision precision, Map<String, String> hashes) {
        ArrayNode names = new ObjectMapper().createArrayNode();
        labels.forEach(names::add);
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("ortune.task", "text-classification");
        metadata.put("ortune.labels", names.toString());
        metadata.put("ortune.max_length", Integer.toString(maxLength));
        metadata.put("ortune.precision", precision.toString());
        metadata.put("ortune.source_sha256", hashes.get("model.safetensors"));
        return metadata;
    }
}
