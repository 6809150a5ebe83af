package dev.ortune.trainer.data;

import java.util.List;
import java.util.stream.Stream;

/**
 * A data set as batches.
 *
 * @param data the tokenised examples
 * @param sampler which examples make up a batch
 * @param collator how they are padded
 * @param batchSize examples a batch
 */
public record Batches(EncodedDataset data, BatchSampler sampler, Collator collator, int batchSize) {
    public Batches {
        if (batchSize <= 0) {
            throw new IllegalArgumentException("batch size " + batchSize + " is not positive");
        }
    }

    /** To ask a model about a set, like lengths together; each example's position comes with it. */
    public static Batches toEvaluate(EncodedDataset data, int padId, int batchSize) {
        return new Batches(data, new BatchSampler.LengthGrouped(0), Collator.dynamic(padId), batchSize);
    }

    /** Batches an epoch, the last one possibly smaller. */
    public int count() {
        return (data.size() + batchSize - 1) / batchSize;
    }

    /** The batches of an epoch counted from 0, each padded when it is taken. */
    public Stream<Batch> epoch(int epoch) {
        return epoch(epoch, 0);
    }

    /** The same without the first so many batches. */
    public Stream<Batch> epoch(int epoch, int from) {
        List<int[]> rows = sampler.batches(data.lengths(), batchSize, epoch);
        return rows.stream().skip(from).map(batch -> collator.collate(data, batch));
    }
}
