package dev.ortune.exporter.export;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.precision.Quantisation;
import dev.ortune.exporter.verify.DataColumns;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What to export.
 *
 * @param precisions one file each
 * @param optimizes processors to write a second file for, with fused operators
 * @param opset version of ONNX's operators
 * @param data texts to compare on, or null for the model's own
 * @param columns which columns of them
 * @param quantisation how floats become integers
 * @param force keeps files that fail the comparison, and writes down that they did
 * @param threads CPU threads to compare with; 0 for one a core
 */
public record ExportOptions(
        List<Precision> precisions,
        List<Optimize> optimizes,
        int opset,
        Path data,
        DataColumns columns,
        Quantisation quantisation,
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

    /** Makes a file; null where it is kept, else why it is not. */
    @FunctionalInterface
    interface Attempt {
        /**
         * Of one form.
         *
         * @param force keeps it however much it differs
         */
        String of(Variant form, boolean force);
    }

    /**
     * Makes a file in the first form that is like its source; the last one is kept by {@link #force} alone, too.
     *
     * @return null where one is kept, else why the last is not
     */
    String firstKept(Variant variant, Consumer<String> progress, Attempt attempt) {
        List<Variant> forms = variant.with(quantisation.scales());
        int last = forms.size() - 1;
        for (int i = 0; i < last; i++) {
            if (attempt.of(forms.get(i), false) == null) {
                return null;
            }
            progress.accept("It is not kept with a scale a " + forms.get(i).scale() + "; again with a scale a "
                    + forms.get(i + 1).scale());
        }
        return attempt.of(forms.get(last), force);
    }
}
