package dev.ortune.exporter.export;

import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxReader;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.pass.Freeze;
import dev.ortune.exporter.verify.DataColumns;
import dev.ortune.exporter.verify.EvaluationData;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import dev.ortune.exporter.verify.TextEncoder;
import dev.ortune.exporter.verify.Verifier;
import dev.ortune.exporter.weights.Safetensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A file of a model folder that a stranger may have written, and what reads it. */
enum HostileFile {
    WEIGHTS("model.safetensors"),
    GRAPH("graph.onnx"),
    CONFIG("config.json"),
    TOKENIZER_CONFIG("tokenizer_config.json"),
    TOKENIZER("tokenizer.json"),
    EXPORT_JSON("onnx/export.json"),
    TSV("data.tsv"),
    CSV("data.csv"),
    JSONL("data.jsonl"),
    GZIP("data.tsv.gz"),
    CONLL("data.conll"),
    TEXT("data.txt");

    /** Each pass once. */
    private static final List<Variant> VARIANTS = List.of(
            new Variant(Precision.INT4, null),
            new Variant(Precision.INT8, Optimize.CPU),
            new Variant(Precision.FP16, Optimize.CUDA));

    private final String path;

    HostileFile(String path) {
        this.path = path;
    }

    /** Where it lies in a model folder. */
    String path() {
        return path;
    }

    /** Whether it is one JSON object. */
    boolean isJson() {
        return path.endsWith(".json");
    }

    /** Reads it in {@code folder}. */
    void read(Path folder) {
        Path file = folder.resolve(path);
        switch (this) {
            case WEIGHTS ->
                Safetensors.open(file)
                        .get("classifier.bias", new long[] {3})
                        .floats()
                        .get(2);
            case GRAPH -> convert(folder);
            case CONFIG, TOKENIZER_CONFIG -> ModelSource.of(folder);
            case TOKENIZER -> encode(folder);
            case EXPORT_JSON -> ExportJson.entries(folder.resolve("onnx"), Map.of("graph.onnx", "0"));
            case TSV, CSV, JSONL, GZIP, CONLL, TEXT ->
                EvaluationData.of(folder, file, DataColumns.FOUND, List.of("bad", "fair", "good"));
        }
    }

    private static void encode(Path folder) {
        try (TextEncoder encoder = TextEncoder.open(folder, 64)) {
            encoder.encode(new LabelledText("The cat's café runs 中 \u0000.", "it \ud800", -1));
        }
    }

    private static void convert(Path folder) {
        Path file = folder.resolve("graph.onnx");
        Graph graph = OnnxReader.read(file).copy(17);
        Verifier.requireLoads(file);
        new Freeze(file, Safetensors.open(folder.resolve("model.safetensors"))).apply(graph);
        Exporter.simplify(graph, file);
        for (Variant variant : VARIANTS) {
            Graph converted = graph.copy();
            variant.convert(converted, folder.resolve("model.safetensors"), false);
            OnnxWriter.toBytes(converted, List.of());
        }
    }
}
