package dev.ortune.exporter.verify;

import ai.djl.huggingface.tokenizers.Encoding;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import dev.ortune.exporter.verify.Verification.BeforeAfter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Compares exported files with {@code graph.onnx} and its weights, on real texts: all of them in batches of like lengths,
 * filled up; some alone; one of the maximal length, alone and beside a short one that is nearly all filling.
 */
public final class Verifier {
    private static final int BATCH = 32;
    private static final int ALONE = 16;

    private final EvaluationData data;
    private final int threads;
    private final List<int[]> rows = new ArrayList<>();
    private final List<TextBatch> batches = new ArrayList<>();
    private final List<float[][]> expected = new ArrayList<>();

    private Verifier(EvaluationData data, int threads) {
        this.data = data;
        this.threads = threads;
    }

    /**
     * Runs what the files were made from.
     *
     * @param graph graph.onnx
     * @param weights its other inputs
     * @param padId fills up batches
     */
    public static Verifier of(
            Path graph,
            Map<String, Tensor> weights,
            EvaluationData data,
            TextEncoder encoder,
            long padId,
            int threads) {
        Verifier verifier = new Verifier(data, threads);
        verifier.encode(encoder, padId);
        try (ModelRun source = ModelRun.open(graph, threads, weights)) {
            verifier.batches.forEach(batch -> verifier.expected.add(source.logits(batch)));
        }
        return verifier;
    }

    /**
     * Lets ONNX Runtime check a graph against the definitions of its operators, so that what comes after may rely on them.
     *
     * @throws OrtuneException when it cannot load the file
     */
    public static void requireLoads(Path graph) {
        ModelRun.open(graph, 1).close();
    }

    /** The figures of a file, not yet judged. */
    public Verification verify(Path file) {
        Comparison comparison = new Comparison();
        List<float[][]> actual = new ArrayList<>();
        try (ModelRun run = ModelRun.open(file, threads)) {
            for (int i = 0; i < batches.size(); i++) {
                actual.add(run.logits(batches.get(i)));
                comparison.add(expected.get(i), actual.get(i));
            }
        }
        Verdicts before = Verdicts.of(inOrder(expected));
        Verdicts after = Verdicts.of(inOrder(actual));
        BeforeAfter accuracy = null;
        BeforeAfter mcc = null;
        if (data.labelled()) {
            int[] right = data.labels();
            accuracy = new BeforeAfter(before.agreement(right), after.agreement(right));
            mcc = new BeforeAfter(before.mcc(right), after.mcc(right));
        }
        return new Verification(
                data.name(),
                data.texts().size(),
                comparison.logitDifference(),
                comparison.probabilityDifference(),
                after.agreement(before.ids()),
                accuracy,
                mcc,
                null);
    }

    private void encode(TextEncoder encoder, long padId) {
        List<Encoding> encodings = data.texts().stream().map(encoder::encode).toList();
        List<Integer> byLength = IntStream.range(0, encodings.size())
                .boxed()
                .sorted(Comparator.comparingInt(row -> encodings.get(row).getIds().length))
                .toList();
        for (int start = 0; start < byLength.size(); start += BATCH) {
            List<Integer> part = byLength.subList(start, Math.min(start + BATCH, byLength.size()));
            rows.add(part.stream().mapToInt(Integer::intValue).toArray());
            batches.add(TextBatch.of(part.stream().map(encodings::get).toList(), padId));
        }
        int step = Math.max(1, byLength.size() / ALONE);
        for (int i = 0; i < byLength.size(); i += step) {
            batches.add(TextBatch.of(List.of(encodings.get(byLength.get(i))), padId));
        }
        Encoding longest = encoder.encode(everything());
        batches.add(TextBatch.of(List.of(longest), padId));
        batches.add(TextBatch.of(List.of(encodings.get(byLength.get(0)), longest), padId));
    }

    /** All texts as one, repeated until no tokenizer leaves it shorter than any model's maximal length. */
    private LabelledText everything() {
        StringBuilder all = new StringBuilder();
        while (all.length() < 20_000) {
            data.texts().forEach(text -> all.append(text.text()).append(' '));
        }
        return new LabelledText(all.substring(0, 20_000), null, -1);
    }

    /** The logits of the batches that hold all texts, in the order of the texts. */
    private float[][] inOrder(List<float[][]> results) {
        float[][] logits = new float[data.texts().size()][];
        for (int i = 0; i < rows.size(); i++) {
            for (int row = 0; row < rows.get(i).length; row++) {
                logits[rows.get(i)[row]] = results.get(i)[row];
            }
        }
        return logits;
    }
}
