package dev.ortune.server.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.server.JsonFile;
import dev.ortune.server.OrtuneException;
import dev.ortune.server.Printable;
import dev.ortune.server.Sha256;
import dev.ortune.server.device.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A model as {@code ortune export} left it, and which of its files to serve.
 *
 * @param name of the model, as the APIs know it
 * @param version of the model
 * @param folder where it is
 * @param file the ONNX file
 * @param precision the numbers it computes with
 * @param why it was chosen, for people
 * @param sha256 of the file, or empty where no export.json tells
 * @param externalData files beside it with weights; none where all are inside
 * @param labels their names in the order of their ids
 * @param multiLabel whether the labels do not exclude each other
 * @param modelType the architecture, such as {@code bert}
 * @param maxLength the most tokens it takes
 * @param padId fills up a batch's shorter rows
 */
public record ModelFolder(
        String name,
        int version,
        Path folder,
        Path file,
        String precision,
        String why,
        String sha256,
        List<Path> externalData,
        List<String> labels,
        boolean multiLabel,
        String modelType,
        int maxLength,
        long padId) {
    /** A token between the two special ones. */
    private static final int SHORTEST = 3;

    /**
     * Reads a folder.
     *
     * @throws OrtuneException when there is no such file, or one is not what export.json says
     */
    public static ModelFolder open(VersionFolder version, InferenceOptions options) {
        Path folder = version.folder();
        ObjectNode config = JsonFile.readObject(folder.resolve("config.json"));
        Choice choice = choose(folder, options.precision(), options.device());
        return new ModelFolder(
                version.name(),
                version.number(),
                folder,
                choice.file,
                choice.precision,
                choice.why,
                choice.sha256,
                choice.externalData,
                labels(folder.resolve("config.json"), config),
                config.path("problem_type").asText().equals("multi_label_classification"),
                config.path("model_type").asText("unknown"),
                maxLength(folder, config),
                config.path("pad_token_id").asLong(0));
    }

    private record Choice(Path file, String precision, String why, String sha256, List<Path> externalData) {}

    private static Choice choose(Path folder, String wanted, Device device) {
        Path onnx = folder.resolve("onnx");
        Path json = onnx.resolve("export.json");
        if (!Files.exists(json)) {
            Path plain = onnx.resolve("model.onnx");
            if (Files.isRegularFile(plain) && (wanted.equals("auto") || wanted.equals("fp32"))) {
                return new Choice(plain, "fp32", "there is no export.json to choose by", "", dataBeside(plain));
            }
            throw new OrtuneException(json + ": no such file; \"ortune export " + folder + "\" makes it");
        }
        List<JsonNode> files = new ArrayList<>();
        JsonFile.readObject(json).path("files").forEach(entry -> {
            if (entry.path("optimize").isNull() || entry.path("optimize").isMissingNode()) {
                files.add(entry);
            }
        });
        for (String precision : wanted.equals("auto") ? device.precisions() : List.of(wanted)) {
            for (JsonNode entry : files) {
                if (entry.path("precision").asText().equals(precision) && mayServe(entry, wanted)) {
                    String why = wanted.equals("auto")
                            ? "the fastest on " + device.kind() + " of those exported"
                            : "as asked for";
                    return checked(onnx, json, entry, precision, why);
                }
            }
        }
        throw new OrtuneException(json + ": lists no file of precision " + wanted
                + " that can be served; \"ortune export " + folder + "\" makes it");
    }

    /** A file that failed its comparison is served only to those who ask for it. */
    private static boolean mayServe(JsonNode entry, String wanted) {
        return !wanted.equals("auto") || entry.at("/verification/passed").asBoolean();
    }

    private static Choice checked(Path onnx, Path json, JsonNode entry, String precision, String why) {
        requireIntact(onnx, json, entry);
        List<Path> externalData = new ArrayList<>();
        for (JsonNode data : entry.path("external_data")) {
            requireIntact(onnx, json, data);
            externalData.add(onnx.resolve(data.path("file").asText()));
        }
        return new Choice(
                onnx.resolve(entry.path("file").asText()),
                precision,
                why,
                entry.path("sha256").asText(),
                externalData);
    }

    /** Under the names that exporters give it. */
    private static List<Path> dataBeside(Path file) {
        return Stream.of("_data", ".data")
                .map(suffix -> file.resolveSibling(file.getFileName() + suffix))
                .filter(Files::isRegularFile)
                .toList();
    }

    private static void requireIntact(Path onnx, Path json, JsonNode entry) {
        String name = entry.path("file").asText();
        Path file = onnx.resolve(isPlain(name) ? name : ".");
        if (!Files.isRegularFile(file)) {
            throw new OrtuneException(json + ": names the file " + Printable.of(name) + ", which is not there");
        }
        if (!Sha256.of(file).equals(entry.path("sha256").asText())) {
            throw new OrtuneException(file + ": has another SHA-256 than " + json + " says; export it anew");
        }
    }

    /** Whether it names a file of the folder itself, and not one elsewhere. */
    private static boolean isPlain(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*");
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
        if (labels.isEmpty()) {
            throw new OrtuneException(file + ": id2label names no labels");
        }
        return labels;
    }

    private static int maxLength(Path folder, ObjectNode config) {
        int positions = config.path("max_position_embeddings").asInt(512);
        if (positions < SHORTEST) {
            throw new OrtuneException(folder.resolve("config.json") + ": max_position_embeddings is " + positions
                    + ", which leaves no room for text");
        }
        Path file = folder.resolve("tokenizer_config.json");
        // Hugging Face writes a number beyond any int where there is no limit.
        double named = Files.exists(file)
                ? JsonFile.readObject(file).path("model_max_length").asDouble(positions)
                : positions;
        return named >= SHORTEST ? (int) Math.min(named, positions) : positions;
    }
}
