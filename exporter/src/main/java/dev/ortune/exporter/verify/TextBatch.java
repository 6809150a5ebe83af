package dev.ortune.exporter.verify;

import ai.djl.huggingface.tokenizers.Encoding;
import java.util.Arrays;
import java.util.List;

/**
 * Encoded texts side by side, filled up to the longest. Filling is at the end: the padding token with attention 0.
 *
 * @param inputIds {@code [size, length]}
 * @param attentionMask {@code [size, length]}: 1 for a token, 0 where it is filled up
 * @param tokenTypeIds {@code [size, length]}
 * @param size texts
 * @param length tokens a text
 */
record TextBatch(long[] inputIds, long[] attentionMask, long[] tokenTypeIds, int size, int length) {
    static TextBatch of(List<Encoding> encodings, long padId) {
        int length = encodings.stream()
                .mapToInt(encoding -> encoding.getIds().length)
                .max()
                .orElse(0);
        int size = encodings.size();
        TextBatch batch =
                new TextBatch(new long[size * length], new long[size * length], new long[size * length], size, length);
        Arrays.fill(batch.inputIds, padId);
        for (int row = 0; row < size; row++) {
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
        return new long[] {size, length};
    }
}
