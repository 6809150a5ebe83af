package dev.ortune.predictor.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.device.Device;
import dev.ortune.predictor.files.JsonFile;
import dev.ortune.predictor.files.Printable;
import dev.ortune.predictor.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The one of a model's ONNX files that is served.
 *
 * @param path where it is
 * @param precision the numbers it computes with
 * @param why it was chosen, for people
 * @param externalData files beside it with weights; none where all are inside
 * @param digests what export.json says of the SHA-256 of all of them; none where there is no export.json
 */
record ModelFile(Path path, String precision, String why, List<Path> externalData, Map<Path, String> digests) {
    /**
     * Chooses among those of a folder.
     *
     * @param wanted precision, or {@code auto}
     * @throws OrtuneException when there is no such file
     */
    static ModelFile choose(Path folder, String wanted, Device device) {
        // Beside a model that writes texts there are files that take the whole text each time, and an encoder, for
        // others.
        return choose(folder, wanted, device, "model", name -> !name.matches("(en|de)coder_.*"));
    }

    /**
     * Likewise one of several that a model is made of.
     *
     * @param stem what its name begins with, such as {@code encoder_model}
     */
    static ModelFile part(Path folder, String wanted, Device device, String stem) {
        return choose(folder, wanted, device, stem, name -> name.startsWith(stem));
    }

    private static ModelFile choose(Path folder, String wanted, Device device, String stem, Predicate<String> fits) {
        Path onnx = folder.resolve("onnx");
        Path json = onnx.resolve("export.json");
        if (!Files.exists(json)) {
            // Hubs have it in the same folder, some exporters beside config.json.
            for (Path plain : List.of(onnx.resolve(stem + ".onnx"), folder.resolve(stem + ".onnx"))) {
                if (Files.isRegularFile(plain) && (wanted.equals("auto") || wanted.equals("fp32"))) {
                    return new ModelFile(
                            plain, "fp32", "there is no export.json to choose by", dataBeside(plain), Map.of());
                }
            }
            throw new OrtuneException(json + ": no such file; \"ortune export " + folder + "\" makes it");
        }
        List<JsonNode> files = new ArrayList<>();
        JsonFile.readObject(json).path("files").forEach(entry -> {
            boolean plain =
                    entry.path("optimize").isNull() || entry.path("optimize").isMissingNode();
            if (plain && fits.test(entry.path("file").asText())) {
                files.add(entry);
            }
        });
        for (String precision : wanted.equals("auto") ? device.precisions() : List.of(wanted)) {
            for (JsonNode entry : files) {
                if (entry.path("precision").asText().equals(precision) && mayServe(entry, wanted)) {
                    String why = wanted.equals("auto")
                            ? "the fastest on " + device.kind() + " of those exported"
                            : "as asked for";
                    return listed(onnx, json, entry, precision, why);
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

    private static ModelFile listed(Path onnx, Path json, JsonNode entry, String precision, String why) {
        Map<Path, String> digests = new LinkedHashMap<>();
        Path path = listed(onnx, json, entry, digests);
        List<Path> externalData = new ArrayList<>();
        for (JsonNode data : entry.path("external_data")) {
            externalData.add(listed(onnx, json, data, digests));
        }
        return new ModelFile(path, precision, why, externalData, digests);
    }

    private static Path listed(Path onnx, Path json, JsonNode entry, Map<Path, String> digests) {
        String name = entry.path("file").asText();
        Path file = onnx.resolve(isPlain(name) ? name : ".");
        if (!Files.isRegularFile(file)) {
            throw new OrtuneException(json + ": names the file " + Printable.of(name) + ", which is not there");
        }
        digests.put(file, entry.path("sha256").asText());
        return file;
    }

    /** Of the file, or empty where no export.json tells. */
    String sha256() {
        return digests.getOrDefault(path, "");
    }

    /**
     * Reads all of it and of the files beside it.
     *
     * @throws OrtuneException when one is not what export.json says
     */
    void requireIntact() {
        digests.forEach((file, digest) -> {
            if (!Sha256.of(file).equals(digest)) {
                Path json = file.resolveSibling("export.json");
                throw new OrtuneException(file + ": has another SHA-256 than " + json + " says; export it anew");
            }
        });
    }

    /** Equal to what it was before unless the files have been replaced or written meanwhile, as far as their places, sizes and times tell. */
    List<Object> state() {
        return Stream.concat(Stream.of(path), externalData.stream())
                .flatMap(ModelFile::state)
                .toList();
    }

    private static Stream<Object> state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Stream.of(String.valueOf(attributes.fileKey()), attributes.size(), attributes.lastModifiedTime());
        } catch (IOException gone) {
            return Stream.of(gone.toString());
        }
    }

    /** Under the names that exporters give it. */
    private static List<Path> dataBeside(Path file) {
        return Stream.of("_data", ".data")
                .map(suffix -> file.resolveSibling(file.getFileName() + suffix))
                .filter(Files::isRegularFile)
                .toList();
    }

    /** Whether it names a file of the folder itself, and not one elsewhere. */
    private static boolean isPlain(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*");
    }
}
