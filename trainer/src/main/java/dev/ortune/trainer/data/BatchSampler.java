package dev.ortune.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Says which examples make up each batch of an epoch. The last batch may be smaller; none is left out. */
public sealed interface BatchSampler {
    /**
     * The batches of one epoch, the same whenever asked again.
     *
     * @param lengths tokens of each example, {@code [examples]}
     * @param batchSize examples a batch
     * @param epoch counted from 0
     * @return the examples of each batch, by position
     */
    default List<int[]> batches(int[] lengths, int batchSize, int epoch) {
        if (batchSize <= 0) {
            throw new IllegalArgumentException("batch size " + batchSize + " is not positive");
        }
        return cut(order(lengths, batchSize, epoch), batchSize);
    }

    /** All examples in the order in which they fill the batches. */
    int[] order(int[] lengths, int batchSize, int epoch);

    /** File order. */
    record Sequential() implements BatchSampler {
        @Override
        public int[] order(int[] lengths, int batchSize, int epoch) {
            return IntStream.range(0, lengths.length).toArray();
        }
    }

    /** A fresh permutation each epoch: NumPy's {@code RandomState(seed + epoch).permutation(n)}. */
    record Shuffled(long seed) implements BatchSampler {
        @Override
        public int[] order(int[] lengths, int batchSize, int epoch) {
            return new Mt19937((seed + epoch) & 0xffffffffL).permutation(lengths.length);
        }
    }

    /**
     * Examples of like length together: a fresh permutation is cut into mega-batches of up to 50 batches, and each is
     * sorted from long to short. The longest example of all comes first, so that a lack of memory shows at once. The
     * scheme is that of Hugging Face's {@code group_by_length}.
     */
    record LengthGrouped(long seed) implements BatchSampler {
        private static final int MOST_BATCHES = 50;

        @Override
        public int[] order(int[] lengths, int batchSize, int epoch) {
            int[] shuffled = new Shuffled(seed).order(lengths, batchSize, epoch);
            int batches = Math.max(1, Math.min(shuffled.length / (4 * batchSize), MOST_BATCHES));
            List<int[]> sorted = new ArrayList<>();
            for (int[] megaBatch : cut(shuffled, batches * batchSize)) {
                sorted.add(longestFirst(megaBatch, lengths));
            }
            swapLongestToFront(sorted, lengths);
            return sorted.stream().flatMapToInt(Arrays::stream).toArray();
        }

        private static int[] longestFirst(int[] rows, int[] lengths) {
            return Arrays.stream(rows)
                    .boxed()
                    .sorted((a, b) -> Integer.compare(lengths[b], lengths[a]))
                    .mapToInt(Integer::intValue)
                    .toArray();
        }

        private static void swapLongestToFront(List<int[]> megaBatches, int[] lengths) {
            if (megaBatches.isEmpty()) {
                return;
            }
            int[] first = megaBatches.get(0);
            int[] longest = first;
            for (int[] megaBatch : megaBatches) {
                longest = lengths[megaBatch[0]] > lengths[longest[0]] ? megaBatch : longest;
            }
            int row = first[0];
            first[0] = longest[0];
            longest[0] = row;
        }
    }

    private static List<int[]> cut(int[] rows, int size) {
        List<int[]> parts = new ArrayList<>();
        for (int from = 0; from < rows.length; from += size) {
            parts.add(Arrays.copyOfRange(rows, from, Math.min(rows.length, from + size)));
        }
        return parts;
    }
}
