package dev.ortune.predictor.model;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.task.Task;
import dev.ortune.predictor.task.TextGeneration;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A model as {@code ortune export} or others left it, and which of its files to serve. */
public final class ModelFolder {
    private final VersionFolder place;
    private final ModelFile chosen;
    /** Of a model that has an encoder in a file of its own; else null. */
    private final ModelFile encoder;

    private final ModelConfig config;
    private final int maxLength;

    private ModelFolder(VersionFolder place, ModelFile chosen, ModelFile encoder, ModelConfig config, int maxLength) {
        this.place = place;
        this.chosen = chosen;
        this.encoder = encoder;
        this.config = config;
        this.maxLength = maxLength;
    }

    /**
     * Reads a folder's small files.
     *
     * @throws OrtuneException when there is no such file, or one is broken
     */
    public static ModelFolder open(VersionFolder version, InferenceOptions options) {
        Path folder = version.folder();
        ModelConfig config = version.adapter() == null
                ? ModelConfig.read(folder)
                : ModelConfig.of(folder, version.adapter().config());
        int maxLength =
                options.maxLength() == 0 ? config.maxLength() : Math.min(options.maxLength(), config.maxLength());
        if (config.task() instanceof TextGeneration writing && !writing.goesOn()) {
            ModelFile decoder = ModelFile.part(folder, options.precision(), options.device(), "decoder_model_merged");
            ModelFile encoder = ModelFile.part(folder, decoder.precision(), options.device(), "encoder_model");
            return new ModelFolder(version, decoder, encoder, config, maxLength);
        }
        return new ModelFolder(
                version, ModelFile.choose(folder, options.precision(), options.device()), null, config, maxLength);
    }

    /**
     * Reads the files with weights to their end.
     *
     * @throws OrtuneException when one is not what export.json says
     */
    void requireIntact() {
        chosen.requireIntact();
        if (encoder != null) {
            encoder.requireIntact();
        }
    }

    /** The model's name, as the APIs know it. */
    public String name() {
        return place.name();
    }

    /** The number of the file's adapter that it is; 0 where the file has none. */
    int adapter() {
        return place.adapter() == null ? 0 : place.adapter().number();
    }

    public int version() {
        return place.number();
    }

    public Path folder() {
        return place.folder();
    }

    /** The ONNX file. */
    public Path file() {
        return chosen.path();
    }

    /** The ONNX file, that of the encoder where there is one, and those beside them with their weights. */
    public List<Path> files() {
        return Stream.of(chosen, encoder)
                .filter(Objects::nonNull)
                .flatMap(each -> Stream.concat(Stream.of(each.path()), each.externalData().stream()))
                .toList();
    }

    /** The file that is served. */
    ModelFile chosen() {
        return chosen;
    }

    /** That of the encoder of a model that has it in a file of its own; else null. */
    ModelFile encoder() {
        return encoder;
    }

    /** The numbers that the file computes with. */
    public String precision() {
        return chosen.precision();
    }

    /** Why the file was chosen, for people. */
    public String why() {
        return chosen.why();
    }

    /** Of the file, or empty where no export.json tells. */
    public String sha256() {
        return chosen.sha256();
    }

    /** What the model was trained for. */
    public Task task() {
        return config.task();
    }

    /** The labels' names in the order of their ids. */
    public List<String> labels() {
        return config.task().labels();
    }

    /** The most tokens of a text, special ones included: as many as the model takes, or as were asked for. */
    public int maxLength() {
        return maxLength;
    }

    /** The family, as transformers names it; or empty. */
    String type() {
        return config.type();
    }

    /** Fills up a batch's shorter rows. */
    long padId() {
        return config.padId();
    }
}
