package dev.ortune.trainer.data;

import dev.ortune.trainer.text.Encoding;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Pads examples to one length.
 *
 * @param padId token id of padding
 * @param padTo length to pad every batch to, or 0 for that of the batch's longest example
 */
public record Collator(int padId, int padTo) {
    /** Pads each batch to its longest example: fewest tokens to compute. */
    public static Collator dynamic(int padId) {
        return new Collator(padId, 0);
    }

    /** Pads every batch to {@code maxLength}, {@code --pad-to-max}. */
    public static Collator toMax(int padId, int maxLength) {
        return new Collator(padId, maxLength);
    }

    /** The examples at {@code rows} as one batch. */
    public Batch collate(EncodedDataset data, int[] rows) {
        int length = Arrays.stream(rows)
                .map(row -> data.encodings().get(row).length())
                .max()
                .orElseThrow();
        if (padTo > 0 && length > padTo) {
            throw new IllegalArgumentException("an example of " + length + " tokens where " + padTo + " are the most");
        }
        length = Math.max(length, padTo);
        long[] ids = new long[Math.multiplyExact(rows.length, length)];
        long[] mask = new long[ids.length];
        long[] types = new long[ids.length];
        Arrays.fill(ids, padId);
        for (int i = 0; i < rows.length; i++) {
            Encoding encoding = data.encodings().get(rows[i]);
            copy(encoding.ids(), ids, i * length);
            copy(encoding.typeIds(), types, i * length);
            Arrays.fill(mask, i * length, i * length + encoding.length(), 1);
        }
        Map<String, Array> arrays = new LinkedHashMap<>();
        arrays.put(Batch.INPUT_IDS, new Array(ids, rows.length, length));
        arrays.put(Batch.ATTENTION_MASK, new Array(mask, rows.length, length));
        arrays.put(Batch.TOKEN_TYPE_IDS, new Array(types, rows.length, length));
        int padded = length;
        data.targets().forEach((name, targets) -> arrays.put(name, targets.collate(rows, padded)));
        return new Batch(rows.length, length, arrays, rows);
    }

    private static void copy(int[] from, long[] to, int offset) {
        for (int i = 0; i < from.length; i++) {
            to[offset + i] = from[i];
        }
    }
}
