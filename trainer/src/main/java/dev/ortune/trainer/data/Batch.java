package dev.ortune.trainer.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Padded examples as named arrays, as a model takes them: {@code input_ids}, {@code attention_mask} (1 for a token, 0 for
 * padding) and {@code token_type_ids} (the segment of each token), int64 {@code [size, length]}; and what a task wants the
 * model to say, such as {@code labels}: {@code [size]}, or {@code [size, length]} for a label a token.
 *
 * @param size number of examples
 * @param length tokens of each, padding included
 * @param arrays by name; the first axis of each counts the examples
 * @param rows position of each example in its data set, {@code [size]}
 */
public record Batch(int size, int length, Map<String, Array> arrays, int[] rows) {
    public static final String INPUT_IDS = "input_ids";
    public static final String ATTENTION_MASK = "attention_mask";
    public static final String TOKEN_TYPE_IDS = "token_type_ids";
    public static final String LABELS = "labels";

    public Batch {
        arrays = Collections.unmodifiableMap(new LinkedHashMap<>(arrays));
        if (rows.length != size || arrays.values().stream().anyMatch(array -> array.shape()[0] != size)) {
            throw new IllegalArgumentException("not " + size + " rows in every array");
        }
        int cells = Math.multiplyExact(size, length);
        for (String name : new String[] {INPUT_IDS, ATTENTION_MASK, TOKEN_TYPE_IDS}) {
            if (arrays.get(name).longs().length != cells) {
                throw new IllegalArgumentException("not " + size + " times " + length + " " + name);
            }
        }
    }

    /** A batch of a label an example: ids, mask and type ids of {@code [size, length]}, labels of {@code [size]}. */
    public static Batch of(
            int size,
            int length,
            long[] inputIds,
            long[] attentionMask,
            long[] tokenTypeIds,
            long[] labels,
            int[] rows) {
        Map<String, Array> arrays = new LinkedHashMap<>();
        arrays.put(INPUT_IDS, new Array(inputIds, size, length));
        arrays.put(ATTENTION_MASK, new Array(attentionMask, size, length));
        arrays.put(TOKEN_TYPE_IDS, new Array(tokenTypeIds, size, length));
        arrays.put(LABELS, new Array(labels, size));
        return new Batch(size, length, arrays, rows);
    }

    public long[] inputIds() {
        return longs(INPUT_IDS);
    }

    public long[] attentionMask() {
        return longs(ATTENTION_MASK);
    }

    public long[] tokenTypeIds() {
        return longs(TOKEN_TYPE_IDS);
    }

    public long[] labels() {
        return longs(LABELS);
    }

    /** The numbers of one of its arrays of integers. */
    public long[] longs(String name) {
        return arrays.get(name).longs();
    }

    /** Number of tokens that are not padding. */
    public int tokens() {
        return (int) Arrays.stream(attentionMask()).sum();
    }

    /** Its first examples, padded as they are. */
    public Batch first(int count) {
        Map<String, Array> first = new LinkedHashMap<>();
        arrays.forEach((name, array) -> first.put(name, array.first(count)));
        return new Batch(count, length, first, Arrays.copyOf(rows, count));
    }
}
