package dev.ortune.trainer.data;

/**
 * Padded examples in flat row-major arrays, as ONNX Runtime takes them.
 *
 * @param size number of examples
 * @param length tokens of each, padding included
 * @param inputIds {@code [size, length]}
 * @param attentionMask 1 for a token, 0 for padding, {@code [size, length]}
 * @param tokenTypeIds segment of each token, {@code [size, length]}
 * @param labels label ids, {@code [size]}
 * @param tokens number of tokens that are not padding
 * @param rows position of each example in its data set, {@code [size]}
 */
public record Batch(
        int size,
        int length,
        long[] inputIds,
        long[] attentionMask,
        long[] tokenTypeIds,
        long[] labels,
        int tokens,
        int[] rows) {
    public Batch {
        int cells = Math.multiplyExact(size, length);
        if (inputIds.length != cells || attentionMask.length != cells || tokenTypeIds.length != cells) {
            throw new IllegalArgumentException("not " + size + " times " + length + " ids, mask and type ids");
        }
        if (labels.length != size || rows.length != size) {
            throw new IllegalArgumentException("not " + size + " labels and rows");
        }
    }
}
