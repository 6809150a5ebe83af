package dev.ortune.trainer.pretrained;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.JsonFile;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.model.Architecture;
import dev.ortune.trainer.model.Architectures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The configuration beside a model's weights.
 *
 * @param file config.json, or Google's bert_config.json
 * @param json its content, {@code model_type} added where Google's lacks it
 * @param architecture the network that it describes
 */
record ConfigFile(Path file, ObjectNode json, Architecture architecture) {
    /** Reads the configuration of a model folder. */
    static ConfigFile read(Path folder) {
        Path google = folder.resolve("bert_config.json");
        Path own = folder.resolve("config.json");
        return of(Files.exists(google) && !Files.exists(own) ? google : own);
    }

    private static ConfigFile of(Path file) {
        return of(file, json -> {});
    }

    /** Reads a configuration; {@code complete} may add what it leaves out. */
    static ConfigFile of(Path file, Consumer<ObjectNode> complete) {
        ObjectNode json = JsonFile.readObject(file);
        complete.accept(json);
        if (!json.has("model_type")) {
            json.put("model_type", "bert");
        }
        try {
            return new ConfigFile(file, json, Architectures.of(json));
        } catch (OrtuneException e) {
            throw new OrtuneException(file + ": " + e.getMessage().replaceFirst("^config\\.json: ", ""), e);
        }
    }
}
