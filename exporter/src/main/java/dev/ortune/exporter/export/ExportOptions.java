package dev.ortune.exporter.export;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.verify.DataColumns;
import java.nio.file.Path;
import java.util.List;

/**
 * What to export.
 *
 * @param precisions one file each
 * @param optimizes processors to write a second file for, with fused operators
 * @param opset version of ONNX's operators
 * @param data texts to compare on, or null for the model's own
 * @param columns which columns of them
 * @param keepEmbeddings leaves the tables of embeddings as floats
 * @param force keeps files that fail the comparison, and writes down that they did
 * @param threads CPU threads to compare with; 0 for one a core
 */
public record ExportOptions(
        List<Precision> precisions,
        List<Optimize> optimizes,
        int opset,
        Path data,
        DataColumns columns,
        boolean keepEmbeddings,
        boolean force,
        int threads) {
    public ExportOptions {
        precisions = precisions.stream().distinct().sorted().toList();
        optimizes = optimizes.stream().distinct().sorted().toList();
        if (precisions.isEmpty()) {
            throw new OrtuneException("--precision names none");
        }
        if (threads < 0) {
            throw new OrtuneException("--threads must not be negative, but is " + threads);
        }
        OnnxWriter.requireOpset(opset);
    }

    /** The files to write. */
    List<Variant> variants() {
        return Variant.of(precisions, optimizes);
    }
}
