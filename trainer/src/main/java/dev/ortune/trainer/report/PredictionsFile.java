package dev.ortune.trainer.report;

import dev.ortune.trainer.AtomicFile;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** What a model said of each sentence, as a TSV file with a header. */
public final class PredictionsFile {
    private PredictionsFile() {}

    /**
     * Writes sentence, logits, softmax, prediction and label, a line an example in the set's order; then the source,
     * where the set names any, and the number of tokens, special ones and those that were cut off included.
     */
    public static void write(Path file, EncodedDataset encoded, ClassPredictions predictions) {
        List<String> names = encoded.dataset().labels().names();
        List<String> header = new ArrayList<>();
        names.forEach(label -> header.add(plain("logit_" + label)));
        names.forEach(label -> header.add(plain("probability_" + label)));
        header.add("prediction");
        header.add("label");
        write(file, encoded, header, i -> {
            List<String> cells = new ArrayList<>();
            for (float logit : predictions.logits()[i]) {
                cells.add(decimals(logit));
            }
            for (double probability : predictions.probabilities(i)) {
                cells.add(decimals(probability));
            }
            cells.add(plain(names.get(predictions.prediction(i))));
            cells.add(plain(names.get(encoded.dataset().examples().get(i).label())));
            return cells;
        });
    }

    /**
     * Writes what every such file has of an example around a task's own columns: the sentence and the second one of a pair
     * before, source and tokens behind.
     */
    static void write(Path file, EncodedDataset encoded, List<String> header, IntFunction<List<String>> cells) {
        Dataset set = encoded.dataset();
        boolean pairs = set.examples().stream().anyMatch(example -> example.pair() != null);
        boolean sources =
                set.examples().stream().anyMatch(example -> !example.source().isEmpty());
        StringBuilder text = new StringBuilder();
        line(text, pairs ? "sentence\tpair" : "sentence", header, sources ? "source\ttokens" : "tokens");
        for (int i = 0; i < set.size(); i++) {
            Example example = set.examples().get(i);
            String pair = example.pair() == null ? "" : plain(example.pair());
            int tokens = tokens(encoded, i);
            line(
                    text,
                    pairs ? plain(example.text()) + "\t" + pair : plain(example.text()),
                    cells.apply(i),
                    sources ? plain(example.source()) + "\t" + tokens : String.valueOf(tokens));
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Of an example's longest sequence, those that were cut off included. */
    private static int tokens(EncodedDataset encoded, int example) {
        return encoded.rows(example)
                .mapToObj(encoded.encodings()::get)
                .mapToInt(encoding -> encoding.length() + encoding.truncated())
                .max()
                .orElse(0);
    }

    private static void line(StringBuilder text, String before, List<String> cells, String behind) {
        text.append(before).append('\t').append(String.join("\t", cells));
        text.append('\t').append(behind).append('\n');
    }

    static String decimals(double value) {
        return String.format(Locale.ROOT, "%.6f", value);
    }

    /** TSV has no quotes: a tab or the end of a line inside a text becomes a blank. */
    static String plain(String text) {
        return text.replaceAll("[\\t\\n\\r]", " ");
    }
}
