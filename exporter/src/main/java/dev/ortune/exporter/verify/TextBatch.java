package dev.ortune.exporter.verify;

import ai.djl.huggingface.tokenizers.Encoding;
import java.util.Arrays;
import java.util.List;

/**
 * Encoded texts side by side, filled up to the longest. Filling is at the end: the padding token with attention 0.
 *
 * @param inputIds {@code [size, length]}, of choices {@code [size, choices, length]}
 * @param attentionMask likewise: 1 for a token, 0 where it is filled up
 * @param tokenTypeIds likewise
 * @param size texts
 * @param choices sequences of each text, of which one is chosen; 0 where it is a single one
 * @param length tokens a sequence
 */
record TextBatch(long[] inputIds, long[] attentionMask, long[] tokenTypeIds, int size, int choices, int length) {
    /**
     * Puts texts side by side.
     *
     * @param texts the sequences of each: one, or choices, as many of each text
     * @param ofChoices whether they are choices
     */
    static TextBatch of(List<List<Encoding>> texts, long padId, boolean ofChoices) {
        List<Encoding> encodings = texts.stream().flatMap(List::stream).toList();
        int length = encodings.stream()
                .mapToInt(encoding -> encoding.getIds().length)
                .max()
                .orElse(0);
        // Nothing at all is a row of padding.
        length = Math.max(1, length);
        int rows = encodings.size();
        int choices = ofChoices ? texts.get(0).size() : 0;
        TextBatch batch = new TextBatch(
                new long[rows * length],
                new long[rows * length],
                new long[rows * length],
                texts.size(),
                choices,
                length);
        Arrays.fill(batch.inputIds, padId);
        for (int row = 0; row < rows; row++) {
            long[] ids = encodings.get(row).getIds();
            System.arraycopy(ids, 0, batch.inputIds, row * length, ids.length);
            System.arraycopy(encodings.get(row).getTypeIds(), 0, batch.tokenTypeIds, row * length, ids.length);
            Arrays.fill(batch.attentionMask, row * length, row * length + ids.length, 1);
        }
        return batch;
    }

    /** Tokens of a text without the filling. */
    int tokens(int row) {
        int end = (row + 1) * length;
        while (end > row * length && attentionMask[end - 1] == 0) {
            end--;
        }
        return end - row * length;
    }

    long[] values(String input) {
        return switch (input) {
            case "input_ids" -> inputIds;
            case "attention_mask" -> attentionMask;
            case "token_type_ids" -> tokenTypeIds;
            default -> throw new IllegalArgumentException(input + " is no input that comes from a text");
        };
    }

    long[] shape() {
        return choices == 0 ? new long[] {size, length} : new long[] {size, choices, length};
    }
}
