package dev.ortune.exporter.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.AtomicFile;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Printable;
import dev.ortune.exporter.Sha256;
import dev.ortune.exporter.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code export.json}: which files there are, what they were made from, and how they compare with it. */
final class ExportJson {
    static final String NAME = "export.json";
    private static final int FORMAT = 1;

    private ExportJson() {}

    /** The entries of {@code folder}'s export.json; none when there is none yet. Each file is as it says there. */
    static List<ObjectNode> entries(Path folder, Map<String, String> source) {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return List.of();
        }
        ObjectNode json = JsonFile.readObject(file);
        List<ObjectNode> entries = new ArrayList<>();
        for (JsonNode entry : json.path("files")) {
            requireUntouched(folder, file, entry);
            entry.path("external_data").forEach(data -> requireUntouched(folder, file, data));
            entries.add((ObjectNode) entry);
        }
        if (json.path("format").asInt() != FORMAT || entries.isEmpty()) {
            throw new OrtuneException(file + ": is not what Ortune wrote; remove the folder to export anew");
        }
        return isOf(json, source) ? entries : stale(entries);
    }

    private static boolean isOf(ObjectNode json, Map<String, String> source) {
        return new ObjectMapper().valueToTree(source).equals(json.path("source"));
    }

    /** Files of other weights are of no use any more: their entries remain only as names. */
    private static List<ObjectNode> stale(List<ObjectNode> entries) {
        entries.forEach(entry -> entry.put("stale", true));
        return entries;
    }

    private static void requireUntouched(Path folder, Path json, JsonNode entry) {
        String name = entry.path("file").asText();
        Path file = folder.resolve(isPlain(name) ? name : ".");
        if (!entry.isObject() || !Files.isRegularFile(file)) {
            throw new OrtuneException(json + ": names the file " + Printable.of(name)
                    + ", which is not there; remove the folder to export anew");
        }
        if (!Sha256.of(file).equals(entry.path("sha256").asText())) {
            throw new OrtuneException(
                    json + ": " + name + " has another SHA-256 than is written there; one of the two was"
                            + " changed. Remove the folder to export anew");
        }
    }

    /** Whether it names a file of the folder itself, and not one elsewhere. */
    private static boolean isPlain(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*");
    }

    /** The files that an entry stands for. */
    static Set<String> files(ObjectNode entry) {
        Set<String> names = new HashSet<>(Set.of(entry.path("file").asText()));
        entry.path("external_data").forEach(data -> names.add(data.path("file").asText()));
        return names;
    }

    /** Writes it. */
    static void write(Path folder, Map<String, String> source, int opset, ModelTask task, List<ObjectNode> entries) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("format", FORMAT)
                .put("producer", "ortune " + Version.ortune())
                .put("created", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("opset", opset);
        task.write(json);
        source.forEach(json.putObject("source")::put);
        ArrayNode files = json.putArray("files");
        entries.forEach(files::add);
        AtomicFile.write(folder.resolve(NAME), JsonFile.bytes(json));
    }
}
