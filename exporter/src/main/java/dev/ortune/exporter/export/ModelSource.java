package dev.ortune.exporter.export;

import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model folder as the exporter sees it: a Hugging Face folder with a {@code graph.onnx}.
 *
 * @param folder where it is
 * @param config what its configuration says
 * @param maxLength the most tokens it takes
 */
public record ModelSource(Path folder, ModelConfig config, int maxLength) {
    private static final List<String> FILES =
            List.of("graph.onnx", "model.safetensors", "config.json", "tokenizer.json");

    /** Which adapters a graph has, where it has several. */
    private static final String ADAPTERS = "adapters.json";

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
        ModelConfig config = ModelConfig.of(file, JsonFile.readObject(file));
        return new ModelSource(folder, config, maxLength(folder, config.maxLength()));
    }

    private static int maxLength(Path folder, int positions) {
        Path file = folder.resolve(TOKENIZER_CONFIG);
        // Hugging Face writes a number beyond any int where there is no limit.
        double named = Files.exists(file)
                ? JsonFile.readObject(file).path("model_max_length").asDouble(positions)
                : positions;
        return named >= 3 ? (int) Math.min(named, positions) : positions;
    }

    public Path graph() {
        return folder.resolve("graph.onnx");
    }

    /** The graph of a text that grows, which models that write texts have beside it. */
    public Path graphWithPast() {
        return folder.resolve("graph_with_past.onnx");
    }

    public Path weights() {
        return folder.resolve("model.safetensors");
    }

    /** The SHA-256 of each file that an export is made from. */
    public Map<String, String> hashes() {
        Map<String, String> hashes = new LinkedHashMap<>();
        FILES.forEach(name -> hashes.put(name, Sha256.of(folder.resolve(name))));
        for (String name : List.of(
                TOKENIZER_CONFIG, ADAPTERS, graphWithPast().getFileName().toString())) {
            if (Files.exists(folder.resolve(name))) {
                hashes.put(name, Sha256.of(folder.resolve(name)));
            }
        }
        WriterFiles.graphs(folder)
                .forEach(graph -> hashes.put(graph.getFileName().toString(), Sha256.of(graph)));
        return hashes;
    }

    /** What travels inside of each exported file. */
    Map<String, String> metadata(ModelTask task, Precision precision, Map<String, String> hashes) {
        Map<String, String> metadata = new LinkedHashMap<>(task.metadata());
        metadata.put("ortune.max_length", Integer.toString(maxLength));
        metadata.put("ortune.precision", precision.toString());
        metadata.put("ortune.source_sha256", hashes.get("model.safetensors"));
        if (hashes.containsKey(ADAPTERS)) {
            int count = JsonFile.readObject(folder.resolve(ADAPTERS))
                    .path("adapters")
                    .size();
            metadata.put("ortune.adapters", Integer.toString(count));
        }
        return metadata;
    }
}
