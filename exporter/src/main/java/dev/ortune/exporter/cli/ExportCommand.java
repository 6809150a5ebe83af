package dev.ortune.exporter.cli;

import dev.ortune.exporter.export.ExportOptions;
import dev.ortune.exporter.export.ExportTable;
import dev.ortune.exporter.export.ExportedFile;
import dev.ortune.exporter.export.Exporter;
import dev.ortune.exporter.export.Exports;
import dev.ortune.exporter.export.ModelSource;
import dev.ortune.exporter.export.Optimize;
import dev.ortune.exporter.export.Precision;
import dev.ortune.exporter.precision.ActivationScale;
import dev.ortune.exporter.precision.Quantisation;
import dev.ortune.exporter.verify.DataColumns;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune export models/NAME}: from a fine-tuned model to files for any ONNX Runtime. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Freeze a fine-tuned model into ONNX files, and compare each with the model.",
        footer = {
            "",
            "The files go to onnx/ in the model's folder: model.onnx (fp32), model_fp16.onnx for GPUs, model_int8.onnx for"
                    + " CPUs, model_q4.onnx (int4) for small memory, and export.json, which says how each compares.",
            "A file that differs too much from the model is left out; the others are written, and the exit code is 1.",
            "",
            "Example:",
            "  ortune export models/cola-minilm --precision fp32,fp16,int8"
        })
public final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "Folder of the model, such as models/NAME.")
    private String model;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            split = ",",
            description = "fp32, fp16, int8 or int4, several with commas (default: ${DEFAULT-VALUE}).")
    private List<Precision> precisions = List.of(Precision.FP32, Precision.FP16, Precision.INT8);

    @Option(
            names = "--opset",
            paramLabel = "N",
            description = "Version of ONNX's operators, 17 to 21 (default: ${DEFAULT-VALUE}).")
    private int opset = 17;

    @Option(
            names = "--optimize",
            paramLabel = "NAME",
            split = ",",
            description = "cpu or cuda: write beside each file one with ONNX Runtime's fused transformer operators,"
                    + " model_cpu.onnx and so on.")
    private List<Optimize> optimizes = List.of();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "Texts to compare on: .tsv, .csv or .jsonl with a sentence and, best, a label each, or .txt or"
                            + " .conll, also with .gz (default: the model's own validation set).")
    private Path data;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Column of the text in --data: its name in the header, or its position from 0.")
    private String textColumn;

    @Option(names = "--pair-column", paramLabel = "NAME", description = "Column of a second text.")
    private String pairColumn;

    @Option(names = "--label-column", paramLabel = "NAME", description = "Column of the label.")
    private String labelColumn;

    @Option(
            names = "--activation-scale",
            paramLabel = "NAME",
            description =
                    "tensor or token: whether all activations of a batch share a scale in int8, or each token's have one"
                            + " of their own, which is closer to the model and the same for a text whatever stands beside it, but"
                            + " slower (default: tensor, and token where that differs too much).")
    private ActivationScale scale;

    @Option(names = "--keep-embeddings", description = "Leave the tables of embeddings as floats in int8 and int4.")
    private boolean keepEmbeddings;

    @Option(names = "--force", description = "Keep files that differ too much, and write down that they do.")
    private boolean force;

    @Option(names = "--threads", paramLabel = "N", description = "CPU threads to compare with (default: one a core).")
    private int threads;

    @Override
    public Integer call() {
        ExportOptions options = Usage.check(
                spec,
                () -> new ExportOptions(
                        precisions,
                        optimizes,
                        opset,
                        data,
                        new DataColumns(textColumn, pairColumn, labelColumn),
                        new Quantisation(
                                keepEmbeddings,
                                scale == null ? Quantisation.usual().scales() : List.of(scale)),
                        force,
                        threads));
        Path folder = Folders.model(model);
        PrintWriter out = spec.commandLine().getOut();
        Exporter exporter = new Exporter(ModelSource.of(folder), options, line -> {
            out.println(line + " …");
            out.flush();
        });
        Exports exports = exporter.run();
        List<ExportedFile> files = exports.files();
        out.println();
        ExportTable.lines(files).forEach(out::println);
        out.println();
        out.println("Compared on " + files.get(0).verification().texts().sentences() + " texts ("
                + files.get(0).verification().texts().data() + "); times are of one thread, as BATCHxTOKENS.");
        files.forEach(file -> out.println("written: " + file.paths().get(0)));
        out.flush();
        exports.leftOut().forEach(line -> spec.commandLine().getErr().println("ortune: " + line));
        return exports.leftOut().isEmpty() ? 0 : 1;
    }
}
