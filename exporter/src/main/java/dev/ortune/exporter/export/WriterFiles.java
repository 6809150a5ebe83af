package dev.ortune.exporter.export;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxReader;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.pass.ConstantFolding;
import dev.ortune.exporter.pass.DeadCode;
import dev.ortune.exporter.pass.Freeze;
import dev.ortune.exporter.verify.Verification;
import dev.ortune.exporter.verify.WriterVerifier;
import dev.ortune.exporter.weights.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Encoder and decoder of a model that writes texts, in files of their own, as Optimum names them and transformers.js looks for
 * them: {@code encoder_model}, {@code decoder_model}, {@code decoder_with_past_model} and {@code decoder_model_merged}, which is
 * either of the two before it.
 */
final class WriterFiles {
    /** By what the trainer calls the graph. */
    private static final Map<String, String> STEMS = stems();

    private final ModelSource source;
    private final ExportOptions options;
    private final Consumer<String> progress;

    WriterFiles(ModelSource source, ExportOptions options, Consumer<String> progress) {
        this.source = source;
        this.options = options;
        this.progress = progress;
    }

    private static Map<String, String> stems() {
        Map<String, String> stems = new LinkedHashMap<>();
        stems.put("encoder_graph.onnx", "encoder_model");
        stems.put("decoder_graph.onnx", "decoder_model");
        stems.put("decoder_with_past_graph.onnx", "decoder_with_past_model");
        stems.put("decoder_merged_graph.onnx", "decoder_model_merged");
        return stems;
    }

    /** The graphs that a folder has; all or none. */
    static List<Path> graphs(Path folder) {
        List<Path> graphs = STEMS.keySet().stream()
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .toList();
        return graphs.size() == STEMS.size() ? graphs : List.of();
    }

    /**
     * Writes all four in each precision; those of a precision that are not like their source are left out together.
     *
     * @param metadata of a precision
     */
    void write(
            Path folder,
            WriterVerifier verifier,
            Function<Precision, Map<String, String>> metadata,
            List<ExportedFile> files,
            List<String> leftOut) {
        for (Variant variant : options.variants()) {
            if (variant.optimize() != null) {
                continue;
            }
            progress.accept("Writing and comparing encoder and decoder, " + variant.precision());
            String failure = options.firstKept(
                    variant, progress, (form, force) -> failure(folder, form, force, verifier, metadata, files));
            if (failure != null) {
                leftOut.add("encoder and decoder in " + variant.precision() + " are left out: " + failure);
            }
        }
    }

    /** Writes the four and adds them to {@code files} where they are like their source; else says why they are not kept. */
    private String failure(
            Path folder,
            Variant variant,
            boolean force,
            WriterVerifier verifier,
            Function<Precision, Map<String, String>> metadata,
            List<ExportedFile> files) {
        Map<String, List<Path>> written = new LinkedHashMap<>();
        String failure;
        try {
            for (Path file : graphs(source.folder())) {
                Graph graph = frozen(file);
                variant.convert(graph, source.weights(), options.quantisation().keepEmbeddings());
                graph.metadata().putAll(metadata.apply(variant.precision()));
                String stem = STEMS.get(file.getFileName().toString());
                Path target = folder.resolve(stem + variant.precision().suffix() + ".onnx");
                written.put(stem, OnnxWriter.write(graph, target));
            }
            Verification figures = verifier.verify(stem -> written.get(stem).get(0))
                    .judgedBy(variant.precision().tolerance(Task.TEXT_GENERATION));
            failure = figures.passed() || force ? null : figures.failure();
            if (failure == null) {
                written.values().forEach(paths -> files.add(new ExportedFile(variant, paths, figures, null, Map.of())));
            }
        } catch (OrtuneException e) {
            failure = e.getMessage();
        }
        if (failure != null) {
            written.values().forEach(ExportedFile::delete);
        }
        return failure;
    }

    private Graph frozen(Path file) {
        Graph graph = OnnxReader.read(file).copy(options.opset());
        new Freeze(file, Safetensors.open(source.weights())).apply(graph);
        new ConstantFolding(file).apply(graph);
        new DeadCode().apply(graph);
        // By this name transformers.js knows how many texts there are, when it makes keys and values of none.
        graph.inputs().replaceAll((name, type) -> renamed(type));
        graph.outputs().replaceAll((name, type) -> renamed(type));
        return graph;
    }

    private static ValueType renamed(ValueType type) {
        List<Dim> shape = new ArrayList<>();
        for (Dim dim : type.shape()) {
            shape.add("batch".equals(dim.symbol()) ? Dim.of("batch_size") : dim);
        }
        return new ValueType(type.type(), shape);
    }
}
