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
import dev.ortune.exporter.precision.ExactIntegers;
import dev.ortune.exporter.verify.EvaluationData;
import dev.ortune.exporter.verify.IntegerArithmetic;
import dev.ortune.exporter.verify.Latency;
import dev.ortune.exporter.verify.Processor;
import dev.ortune.exporter.verify.TextEncoder;
import dev.ortune.exporter.verify.Verification;
import dev.ortune.exporter.verify.Verifier;
import dev.ortune.exporter.verify.WriterVerifier;
import dev.ortune.exporter.weights.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One export: freezes the graph, writes a file a precision, compares each with the source, and publishes together those
 * that are like it.
 */
public final class Exporter {
    /** Optimum's name for a decoder that takes the whole text each time. */
    private static final String WITHOUT_PAST = "decoder_model";

    private final ModelSource source;
    private final ExportOptions options;
    private final Consumer<String> progress;
    private final Map<String, String> hashes;
    private ModelTask task;

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
     * source go. What cannot be written in a precision, or differs too much in it, is left out.
     *
     * @throws OrtuneException when anything else fails, or nothing is left; {@code onnx/} is as it was then
     */
    public Exports run() {
        Path target = source.folder().resolve("onnx");
        try (StagedExports staged = StagedExports.of(target)) {
            List<ObjectNode> before = ExportJson.entries(target, hashes);
            Set<String> inputs = new HashSet<>();
            Graph graph = frozen(source.graph(), inputs);
            task = ModelTask.of(source.config(), graph, source.graph());
            Map<String, Tensor> weights = new HashMap<>(graph.constants());
            weights.keySet().retainAll(inputs);
            Exports exports = new Exports(List.of(), List.of());
            // One that writes any text does so with encoder and decoder, which have files of their own.
            if (task.task() != Task.TEXT2TEXT_GENERATION) {
                simplify(graph, source.graph());
                exports = export(graph, verifier(weights), staged.folder());
            }
            if (!WriterFiles.graphs(source.folder()).isEmpty()) {
                exports = withWriters(exports, staged.folder());
            }
            if (exports.files().isEmpty()) {
                throw new OrtuneException(
                        source.folder() + ": nothing is exported: " + String.join("; ", exports.leftOut()));
            }
            publish(staged, before, exports.files());
            return exports.movedTo(target);
        }
    }

    /** A graph whose weights are constants; adds the names of all its inputs. */
    private Graph frozen(Path file, Set<String> inputs) {
        progress.accept("Freezing " + file);
        Graph graph = OnnxReader.read(file).copy(options.opset());
        Verifier.requireLoads(file);
        inputs.addAll(graph.inputs().keySet());
        new Freeze(file, Safetensors.open(source.weights())).apply(graph);
        return graph;
    }

    /** The same with encoder and decoder in files of their own. */
    private Exports withWriters(Exports exports, Path folder) {
        List<ExportedFile> files = new ArrayList<>(exports.files());
        List<String> leftOut = new ArrayList<>(exports.leftOut());
        List<Path> graphs = WriterFiles.graphs(source.folder());
        EvaluationData data =
                EvaluationData.of(source.folder(), options.data(), options.columns(), task.labelsOfTexts());
        try (TextEncoder encoder = TextEncoder.open(source.folder(), source.maxLength())) {
            WriterVerifier verifier =
                    WriterVerifier.of(graphs.get(0), graphs.get(1), source.weights(), data, encoder, options.threads());
            new WriterFiles(source, options, progress)
                    .write(folder, verifier, precision -> source.metadata(task, precision, hashes), files, leftOut);
        }
        return new Exports(files, leftOut);
    }

    static void simplify(Graph graph, Path file) {
        new ConstantFolding(file).apply(graph);
        new FirstToken().apply(graph);
        new DeadCode().apply(graph);
    }

    private Verifier verifier(Map<String, Tensor> weights) {
        EvaluationData data = task.ofChoices()
                ? EvaluationData.ofChoices(source.folder(), options.data(), options.columns())
                : EvaluationData.of(source.folder(), options.data(), options.columns(), task.labelsOfTexts());
        progress.accept("Running graph.onnx on " + data.texts().size() + " texts (" + data.name() + ")");
        try (TextEncoder encoder = TextEncoder.open(source.folder(), source.maxLength())) {
            Verifier verifier = Verifier.of(
                    source.graph(),
                    weights,
                    data,
                    task.verdict(),
                    encoder,
                    source.config().padId(),
                    options.threads());
            verifier.giveLabelsAbove(task.leastLogits(source.config()));
            return verifier;
        }
    }

    /**
     * All files. A model that writes texts has two in each precision, as Optimum names them: the one that takes keys and values of
     * tokens before, which transformers.js and the server look for under a model's usual name, and one without.
     */
    private Exports export(Graph graph, Verifier verifier, Path folder) {
        List<ExportedFile> files = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        if (task.task() == Task.TEXT_GENERATION && Files.isRegularFile(source.graphWithPast())) {
            Graph growing = frozen(source.graphWithPast(), new HashSet<>());
            simplify(growing, source.graphWithPast());
            task = task.with(growing);
            export(growing, Variant.MODEL, verifier, folder, files, leftOut);
            export(graph, WITHOUT_PAST, verifier, folder, files, leftOut);
        } else {
            export(graph, Variant.MODEL, verifier, folder, files, leftOut);
        }
        return new Exports(files, leftOut);
    }

    private void export(
            Graph graph, String stem, Verifier verifier, Path folder, List<ExportedFile> files, List<String> leftOut) {
        for (Variant usual : options.variants()) {
            Variant variant = usual.of(stem);
            progress.accept("Writing and comparing " + variant.file());
            String failure = options.firstKept(
                    variant, progress, (form, force) -> failure(graph, form, force, verifier, folder, files));
            if (failure != null) {
                leftOut.add(variant.file() + " is left out: " + failure);
            }
        }
    }

    /** Writes a file and adds it to {@code files} where it is like its source; else says why it is not kept. */
    private String failure(
            Graph graph, Variant variant, boolean force, Verifier verifier, Path folder, List<ExportedFile> files) {
        Graph converted = graph.copy();
        try {
            variant.convert(converted, source.weights(), options.quantisation().keepEmbeddings());
        } catch (OrtuneException e) {
            return e.getMessage();
        }
        converted.metadata().putAll(source.metadata(task, variant.precision(), hashes));
        List<Path> paths = OnnxWriter.write(converted, folder.resolve(variant.file()));
        String failure;
        try {
            ExportedFile file = compared(variant, converted, paths, force, verifier);
            failure = failure(file.verification(), force);
            if (failure == null) {
                files.add(file);
            }
        } catch (OrtuneException e) {
            // A graph of a form that a pass does not know may not even load; the other files may be as they should.
            failure = e.getMessage();
        }
        if (failure != null) {
            ExportedFile.delete(paths);
        }
        return failure;
    }

    private String failure(Verification figures, boolean force) {
        return figures.passed() || force
                ? null
                : figures.failure() + " (on " + figures.texts().data() + ")" + advice(figures);
    }

    private ExportedFile compared(Variant variant, Graph graph, List<Path> paths, boolean force, Verifier verifier) {
        Precision precision = variant.precision();
        Verification verification = verifier.verify(paths.get(0)).judgedBy(precision.tolerance(task.task()));
        boolean kept = verification.passed() || force;
        Map<String, Double> latency = kept && precision.isForCpus()
                ? Latency.of(paths.get(0), source.maxLength(), source.config().padId())
                : Map.of();
        IntegerArithmetic arithmetic = kept ? arithmetic(graph, paths.get(0), verifier) : null;
        return new ExportedFile(variant, paths, verification, arithmetic, latency);
    }

    /** What becomes of the file's integer products on this processor; null where it has none. */
    private static IntegerArithmetic arithmetic(Graph graph, Path file, Verifier verifier) {
        if (!ExactIntegers.areIn(graph)) {
            return null;
        }
        List<Path> exact = OnnxWriter.write(ExactIntegers.of(graph), file.resolveSibling("exact.onnx"));
        try {
            return new IntegerArithmetic(verifier.difference(file, exact.get(0)), Processor.here());
        } finally {
            ExportedFile.delete(exact);
        }
    }

    private String advice(Verification verification) {
        return verification.mcc() == null && !task.labelsOfTexts().isEmpty()
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
        ExportJson.write(staged.folder(), hashes, options.opset(), task, entries);
        staged.publish();
    }
}
