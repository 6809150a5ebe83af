package dev.ortune.exporter.verify;

import ai.djl.huggingface.tokenizers.Encoding;
import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.verify.EvaluationData.LabelledText;
import dev.ortune.exporter.verify.Verification.BeforeAfter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Compares exported files with {@code graph.onnx} and its weights, on real texts: all of them in batches of like lengths,
 * filled up; some alone; one of the maximal length, alone and beside a short one that is nearly all filling. Every output
 * is compared, where it is about tokens at those that are no filling.
 */
public final class Verifier {
    private static final int BATCH = 32;
    private static final int ALONE = 16;

    /** The one output of a classifier. */
    private static final String LOGITS = "logits";

    /** A choice. */
    private static final String SHORT = "a";

    /** What all texts together may have of outputs, as numbers: 128 MB of what the source says is kept. */
    private static final long MOST_NUMBERS = 32L << 20;

    private final Verdict verdict;
    private final int threads;
    private float[] leastLogits = {};
    private EvaluationData data;
    private final List<int[]> rows = new ArrayList<>();
    private final List<TextBatch> batches = new ArrayList<>();
    private final List<Map<String, ModelOutput>> expected = new ArrayList<>();

    private Verifier(EvaluationData data, Verdict verdict, int threads) {
        this.data = data;
        this.verdict = verdict;
        this.threads = threads;
    }

    /**
     * Runs what the files were made from.
     *
     * @param graph graph.onnx
     * @param weights its other inputs
     * @param verdict what of the outputs the model's verdict is
     * @param padId fills up batches
     * @param threads CPU threads; 0 for one a core
     */
    public static Verifier of(
            Path graph,
            Map<String, Tensor> weights,
            EvaluationData data,
            Verdict verdict,
            TextEncoder encoder,
            long padId,
            int threads) {
        Verifier verifier = new Verifier(data, verdict, threads);
        try (ModelRun source = ModelRun.open(graph, threads, weights)) {
            verifier.encode(encoder, padId, source.numbersPerToken(), source.takesChoices());
            verifier.batches.forEach(batch -> verifier.expected.add(source.outputs(batch)));
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

    /**
     * Where a text may have several labels, from where on each is given.
     *
     * @param logits of each label, {@code [labels]}; none for 0, a probability of a half
     */
    public void giveLabelsAbove(float[] logits) {
        leastLogits = logits.clone();
    }

    /** The figures of a file, not yet judged. */
    public Verification verify(Path file) {
        Comparison comparison = new Comparison(verdict);
        AgreementCount agreement = new AgreementCount(verdict, leastLogits);
        List<Map<String, ModelOutput>> actual = new ArrayList<>();
        try (ModelRun run = ModelRun.open(file, threads)) {
            for (int i = 0; i < batches.size(); i++) {
                Map<String, ModelOutput> outputs = run.outputs(batches.get(i));
                boolean once = i < rows.size();
                expected.get(i).forEach((name, output) -> {
                    comparison.add(output, outputs.get(name));
                    if (once) {
                        agreement.add(output, outputs.get(name));
                    }
                });
                if (data.labelled()) {
                    actual.add(outputs);
                }
            }
        }
        return figures(comparison, agreement.agreement(), actual);
    }

    /**
     * How far two files are apart, on the texts that are run alone and the longest.
     *
     * @return the largest difference of all numbers of all outputs
     */
    public double difference(Path file, Path other) {
        Comparison comparison = new Comparison(verdict);
        try (ModelRun one = ModelRun.open(file, threads);
                ModelRun two = ModelRun.open(other, threads)) {
            for (TextBatch batch : batches.subList(rows.size(), batches.size())) {
                Map<String, ModelOutput> outputs = two.outputs(batch);
                one.outputs(batch).forEach((name, output) -> comparison.add(output, outputs.get(name)));
            }
        }
        return comparison.difference();
    }

    private Verification figures(Comparison comparison, Agreement agreement, List<Map<String, ModelOutput>> actual) {
        BeforeAfter accuracy = null;
        BeforeAfter mcc = null;
        if (data.labelled()) {
            Verdicts before = Verdicts.of(inOrder(expected));
            Verdicts after = Verdicts.of(inOrder(actual));
            int[] right = data.labels();
            accuracy = new BeforeAfter(before.agreement(right), after.agreement(right));
            mcc = new BeforeAfter(before.mcc(right), after.mcc(right));
        }
        return new Verification(
                new Verification.Texts(data.name(), data.texts().size()),
                comparison.difference(),
                comparison.probabilityDifference(),
                agreement,
                accuracy,
                mcc,
                null);
    }

    private void encode(TextEncoder encoder, long padId, long numbersPerToken, boolean ofChoices) {
        List<List<Encoding>> encodings = new ArrayList<>();
        long numbers = 0;
        for (LabelledText text : data.texts()) {
            List<Encoding> sequences = encode(encoder, text);
            numbers += longest(sequences) * numbersPerToken;
            if (numbers > MOST_NUMBERS && !encodings.isEmpty()) {
                break;
            }
            encodings.add(sequences);
        }
        data = data.first(encodings.size());
        // A batch holds texts of as many choices each.
        List<Integer> byLength = IntStream.range(0, encodings.size())
                .boxed()
                .sorted(Comparator.comparingInt(
                                (Integer row) -> encodings.get(row).size())
                        .thenComparingInt(row -> longest(encodings.get(row))))
                .toList();
        for (int start = 0; start < byLength.size(); ) {
            int choices = encodings.get(byLength.get(start)).size();
            int end = start;
            while (end < byLength.size()
                    && end < start + BATCH
                    && encodings.get(byLength.get(end)).size() == choices) {
                end++;
            }
            List<Integer> part = byLength.subList(start, end);
            rows.add(part.stream().mapToInt(Integer::intValue).toArray());
            batches.add(TextBatch.of(part.stream().map(encodings::get).toList(), padId, ofChoices));
            start = end;
        }
        int step = Math.max(1, byLength.size() / ALONE);
        for (int i = 0; i < byLength.size(); i += step) {
            batches.add(TextBatch.of(List.of(encodings.get(byLength.get(i))), padId, ofChoices));
        }
        List<Encoding> shortest = encodings.get(byLength.get(0));
        List<Encoding> longest = encode(encoder, everything(ofChoices ? shortest.size() : 0));
        batches.add(TextBatch.of(List.of(longest), padId, ofChoices));
        batches.add(TextBatch.of(List.of(shortest, longest), padId, ofChoices));
    }

    private static List<Encoding> encode(TextEncoder encoder, LabelledText text) {
        return text.sequences().stream().map(encoder::encode).toList();
    }

    /** Tokens of the longest. */
    private static int longest(List<Encoding> sequences) {
        return sequences.stream()
                .mapToInt(encoding -> encoding.getIds().length)
                .max()
                .orElse(0);
    }

    /** All texts as one, repeated until no tokenizer leaves it shorter than any model's maximal length; with so many choices. */
    private LabelledText everything(int choices) {
        StringBuilder all = new StringBuilder();
        while (all.length() < 20_000) {
            data.texts().forEach(text -> all.append(text.text()).append(' '));
        }
        // Short ones: of two long texts the tokenizers library keeps each part that it cuts off beside each of the
        // other's.
        return new LabelledText(all.substring(0, 20_000), null, -1, Collections.nCopies(choices, SHORT));
    }

    /** The logits of a text's labels or choices of the batches that hold all texts, in the order of the texts. */
    private float[][] inOrder(List<Map<String, ModelOutput>> results) {
        float[][] logits = new float[data.texts().size()][];
        for (int i = 0; i < rows.size(); i++) {
            for (int row = 0; row < rows.get(i).length; row++) {
                logits[rows.get(i)[row]] = results.get(i).get(LOGITS).texts()[row][0];
            }
        }
        return logits;
    }
}
