package dev.ortune.trainer.report;

import dev.ortune.trainer.data.EncodedDataset;

/**
 * One of a run's sets in numbers.
 *
 * @param name what a person calls it
 * @param examples rows
 * @param meanLength tokens of an example on average, special tokens included
 * @param maxLength tokens of the longest
 * @param truncated examples that were cut off
 */
public record DatasetSummary(String name, int examples, double meanLength, int maxLength, int truncated) {
    public static DatasetSummary of(EncodedDataset data) {
        return new DatasetSummary(
                data.dataset().name(), data.size(), data.meanLength(), data.maxLength(), data.truncated());
    }
}
