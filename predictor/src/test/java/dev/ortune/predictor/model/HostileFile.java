package dev.ortune.predictor.model;

import java.nio.file.Path;

/** A file of a model folder that a stranger may have written. */
enum HostileFile {
    CONFIG("config.json"),
    TOKENIZER("tokenizer.json"),
    TOKENIZER_CONFIG("tokenizer_config.json"),
    EXPORT_JSON("onnx/export.json"),
    GRAPH("onnx/model.onnx");

    private static final BatchOptions BATCHES = new BatchOptions(1024, 16, 4, 1, 1);

    private final String path;

    HostileFile(String path) {
        this.path = path;
    }

    /** Where it lies in a model folder. */
    String path() {
        return path;
    }

    /** Loads the model in {@code folder}, which runs it, too. */
    void read(Path folder) {
        open(folder).close();
    }

    static ServedModel open(Path folder) {
        return ServedModel.open(VersionFolder.of(folder), new InferenceOptions("auto", BATCHES));
    }
}
