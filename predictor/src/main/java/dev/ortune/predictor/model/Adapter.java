package dev.ortune.predictor.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.files.JsonFile;
import dev.ortune.predictor.files.Printable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One of several adapters that a file has beside the weights of their base; each is served as a model of its own.
 *
 * @param name of the model
 * @param number the file's, counted from 0
 * @param config what a config.json says of it
 */
public record Adapter(String name, int number, ObjectNode config) {
    private static final String FILE = "adapters.json";

    /**
     * Those of a folder; none where its file is of one model.
     *
     * @throws OrtuneException when what says so is broken
     */
    static List<Adapter> in(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return List.of();
        }
        List<Adapter> adapters = new ArrayList<>();
        for (JsonNode entry : JsonFile.readObject(file).path("adapters")) {
            String name = entry.path("name").asText();
            if (name.isEmpty() || !Printable.isPlain(name) || !(entry.path("config") instanceof ObjectNode config)) {
                throw new OrtuneException(file + ": an adapter needs a name and a config");
            }
            adapters.add(new Adapter(name, adapters.size(), config));
        }
        if (adapters.isEmpty()) {
            throw new OrtuneException(file + ": names no adapter");
        }
        return adapters;
    }
}
