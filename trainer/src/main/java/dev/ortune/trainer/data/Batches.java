package dev.ortune.trainer.data;

import java.util.List;
import java.util.stream.Stream;

/**
 * A data set as batches.
 *
 * @param data the tokenised examples
 * @param sampler which sequences make up a batch, or which examples where those of one stay together
 * @param collator how they are padded
 * @param batchSize how many of these a batch
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
        return (data.parts() + batchSize - 1) / batchSize;
    }

    /** The batches of an epoch counted from 0, each padded when it is taken. */
    public Stream<Batch> epoch(int epoch) {
        return epoch(epoch, 0);
    }

    /** The same without the first so many batches. */
    public Stream<Batch> epoch(int epoch, int from) {
        List<int[]> parts = sampler.batches(data.partLengths(), batchSize, epoch);
        return parts.stream().skip(from).map(batch -> collator.collate(data, data.rows(batch)));
    }
}
