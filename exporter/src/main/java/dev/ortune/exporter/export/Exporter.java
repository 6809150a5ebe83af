package dev.ortune.exporter.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxReader;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.pass.ConstantFolding;
import dev.ortune.exporter.pass.DeadCode;
import dev.ortune.exporter.pass.FirstToken;
import dev.ortune.exporter.pass.Freeze;
import dev.ortune.exporter.verify.EvaluationData;
import dev.ortune.exporter.verify.Latency;
import dev.ortune.exporter.verify.TextEncoder;
import dev.ortune.exporter.verify.Verification;
import dev.ortune.exporter.verify.Verifier;
import dev.ortune.exporter.weights.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One export: freezes the graph, writes a file a precision, compares each with the source, and publishes them together or
 * not at all.
 */
public final class Exporter {
    private final ModelSource source;
    private final ExportOptions options;
    private final Consumer<String> progress;
    private final Map<String, String> hashes;

    /**
     * Of one model.
     *
     * @param progress told what is being done, a line a step
     */
    public Exporter(ModelSource source, ExportOptions options, Consumer<String> progress) {
        this.source = source;
        this.options = options;
        this.progress = progress;
        this.hashes = source.hashes();
    }

    /**
     * Writes {@code onnx/}. Files of it that were made from the same source and are not made anew stay; those of another
     * source go.
     *
     * @throws OrtuneException when anything fails; {@code onnx/} is as it was then
     */
    public List<ExportedFile> run() {
        Path target = source.folder().resolve("onnx");
        try (StagedExports staged = StagedExports.of(target)) {
            List<ObjectNode> before = ExportJson.entries(target, hashes);
            progress.accept("Freezing " + source.graph());
            Graph graph = OnnxReader.read(source.graph()).copy(options.opset());
            Verifier.requireLoads(source.graph());
            Set<String> inputs = Set.copyOf(graph.inputs().keySet());
            new Freeze(source.graph(), Safetensors.open(source.weights())).apply(graph);
            Map<String, Tensor> weights = new HashMap<>(graph.constants());
            weights.keySet().retainAll(inputs);
            simplify(graph, source.graph());
            List<ExportedFile> files = export(graph, verifier(weights), staged.folder());
            publish(staged, before, files);
            return files.stream().map(file -> moved(file, target)).toList();
        }
    }

    static void simplify(Graph graph, Path file) {
        new ConstantFolding(file).apply(graph);
        new FirstToken().apply(graph);
        new DeadCode().apply(graph);
    }

    private Verifier verifier(Map<String, Tensor> weights) {
        EvaluationData data = EvaluationData.of(source.folder(), options.data(), source.labels());
        progress.accept("Running graph.onnx on " + data.texts().size() + " texts (" + data.name() + ")");
        try (TextEncoder encoder = TextEncoder.open(source.folder(), source.maxLength())) {
            return Verifier.of(source.graph(), weights, data, encoder, source.padId(), options.threads());
        }
    }

    private List<ExportedFile> export(Graph graph, Verifier verifier, Path folder) {
        List<ExportedFile> files = new ArrayList<>();
        for (Variant variant : options.variants()) {
            progress.accept("Writing and comparing " + variant.file());
            Precision precision = variant.precision();
            Graph converted = graph.copy();
            variant.convert(converted, source.weights(), options.keepEmbeddings());
            converted.metadata().putAll(source.metadata(precision, hashes));
            List<Path> paths = OnnxWriter.write(converted, folder.resolve(variant.file()));
            Verification verification = verifier.verify(paths.get(0)).judgedBy(precision.tolerance());
            if (!verification.passed() && !options.force()) {
                throw new OrtuneException(variant.file() + " of " + source.folder() + " is not kept: "
                        + verification.failure() + " (on " + verification.data() + ")" + advice(verification));
            }
            Map<String, Double> latency =
                    precision.isForCpus() ? Latency.of(paths.get(0), source.maxLength()) : Map.of();
            files.add(new ExportedFile(variant, paths, verification, latency));
        }
        return files;
    }

    private static String advice(Verification verification) {
        return verification.mcc() == null
                ? "; --data FILE with labels judges it by its MCC, --force keeps it"
                : "; --force keeps it";
    }

    private void publish(StagedExports staged, List<ObjectNode> before, List<ExportedFile> files) {
        Set<String> made = new HashSet<>();
        files.forEach(file -> made.add(file.name()));
        List<ObjectNode> entries = new ArrayList<>();
        Set<String> gone = new HashSet<>(Set.of(ExportJson.NAME));
        for (ObjectNode entry : before) {
            if (entry.has("stale") || made.contains(entry.path("file").asText())) {
                gone.addAll(ExportJson.files(entry));
            } else {
                entries.add(entry);
            }
        }
        files.forEach(file -> entries.add(file.json()));
        staged.keepOthers(gone);
        ExportJson.write(staged.folder(), hashes, options.opset(), entries);
        staged.publish();
    }

    private static ExportedFile moved(ExportedFile file, Path target) {
        List<Path> paths = file.paths().stream()
                .map(path -> target.resolve(path.getFileName()))
                .toList();
        return new ExportedFile(file.variant(), paths, file.verification(), file.latency());
    }
}
