package dev.ortune.exporter.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.Sha256;
import dev.ortune.exporter.verify.IntegerArithmetic;
import dev.ortune.exporter.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One file that was written.
 *
 * @param paths it, and the file with its weights where there is one
 * @param verification how it compares with its source
 * @param arithmetic how far its integers are from exact ones; null where it has none
 * @param latency milliseconds of one thread by {@code BATCHxLENGTH}; empty where a CPU says nothing
 */
public record ExportedFile(
        Variant variant,
        List<Path> paths,
        Verification verification,
        IntegerArithmetic arithmetic,
        Map<String, Double> latency) {
    public String name() {
        return paths.get(0).getFileName().toString();
    }

    /** Size in bytes, weights included. */
    public long bytes() {
        return paths.stream().mapToLong(ExportedFile::size).sum();
    }

    /** The same in another folder. */
    ExportedFile movedTo(Path folder) {
        List<Path> moved =
                paths.stream().map(path -> folder.resolve(path.getFileName())).toList();
        return new ExportedFile(variant, moved, verification, arithmetic, latency);
    }

    /** Removes a file and its weights. */
    static void delete(List<Path> paths) {
        try {
            for (Path path : paths) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new OrtuneException(paths.get(0) + ": cannot be removed (" + e.getMessage() + ")", e);
        }
    }

    /** As export.json has it. */
    ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("file", name()).put("precision", variant.precision().toString());
        json.put(
                "optimize",
                variant.optimize() == null ? null : variant.optimize().toString());
        if (variant.precision() == Precision.INT8) {
            json.put("activation_scale", variant.scale().toString());
        }
        json.put("sha256", Sha256.of(paths.get(0))).put("bytes", size(paths.get(0)));
        if (paths.size() > 1) {
            ArrayNode external = json.putArray("external_data");
            paths.subList(1, paths.size()).forEach(path -> external.addObject()
                    .put("file", path.getFileName().toString())
                    .put("sha256", Sha256.of(path))
                    .put("bytes", size(path)));
        }
        ObjectNode compared = verification.json();
        if (arithmetic != null) {
            compared.set("integer_arithmetic", arithmetic.json());
        }
        json.set("verification", compared);
        ObjectNode times = json.putObject("latency_ms");
        latency.forEach(times::put);
        return json;
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new OrtuneException(path + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
