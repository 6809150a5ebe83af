package dev.ortune.trainer.report;

import dev.ortune.trainer.data.EncodedDataset;

/**
 * One of a run's sets in numbers.
 *
 * @param name what a person calls it
 * @param examples rows; 0 of texts that have none
 * @param sequences of tokens that were made of them: one each, or several
 * @param meanLength tokens of a sequence on average, special tokens included
 * @param maxLength tokens of the longest
 * @param truncated sequences that were cut off
 * @param unseenWords words that lost all their tokens to that, or of which no token is made; 0 for texts that are no words
 * @param choices whether an example's sequences are choices, rather than windows of one text
 */
public record DatasetSummary(
        String name,
        int examples,
        int sequences,
        double meanLength,
        int maxLength,
        int truncated,
        long unseenWords,
        boolean choices) {
    /** Of texts that do not come as words. */
    public DatasetSummary(String name, int examples, double meanLength, int maxLength, int truncated) {
        this(name, examples, examples, meanLength, maxLength, truncated, 0, false);
    }

    /** Of texts that are made into sequences whatever their own bounds. */
    public static DatasetSummary ofSequences(
            String name, int sequences, double meanLength, int maxLength, int truncated) {
        return new DatasetSummary(name, 0, sequences, meanLength, maxLength, truncated, 0, false);
    }

    public static DatasetSummary of(EncodedDataset data) {
        return new DatasetSummary(
                data.dataset().name(),
                data.dataset().size(),
                data.size(),
                data.meanLength(),
                data.maxLength(),
                data.truncated(),
                data.unseenWords(),
                data.together());
    }
}
