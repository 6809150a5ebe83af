package dev.ortune.trainer.training;

import dev.ortune.trainer.data.BatchSampler;
import dev.ortune.trainer.data.Collator;
import dev.ortune.trainer.text.TruncationStrategy;

/**
 * What an optimizer step sees of the training set.
 *
 * @param size examples a forward and backward pass
 * @param accumulation batches an optimizer step
 * @param maxLength tokens of an example, special ones included, beyond which it is cut off
 * @param padToMax pad every batch to {@code maxLength} rather than to its longest example
 * @param groupByLength put examples of like length into one batch
 * @param truncation which text of a pair that is too long loses tokens; null for what the pretrained model's folder says
 */
public record BatchArguments(
        int size,
        int accumulation,
        int maxLength,
        boolean padToMax,
        boolean groupByLength,
        TruncationStrategy truncation) {
    /** The least length that holds a token between the two special ones. */
    private static final int SHORTEST = 3;

    public BatchArguments {
        TrainingArguments.atLeast("--batch-size", size, 1);
        TrainingArguments.atLeast("--gradient-accumulation-steps", accumulation, 1);
        TrainingArguments.atLeast("--max-length", maxLength, SHORTEST);
    }

    /** Pairs are cut as the pretrained model's folder says. */
    public BatchArguments(int size, int accumulation, int maxLength, boolean padToMax, boolean groupByLength) {
        this(size, accumulation, maxLength, padToMax, groupByLength, null);
    }

    /** Optimizer steps an epoch of {@code examples}; the last one may see fewer batches. */
    public int stepsPerEpoch(int examples) {
        return ceilDiv(ceilDiv(examples, size), accumulation);
    }

    /** The order of the training examples. */
    BatchSampler sampler(long seed) {
        return groupByLength ? new BatchSampler.LengthGrouped(seed) : new BatchSampler.Shuffled(seed);
    }

    /** How batches are padded. */
    Collator collator(int padId) {
        return padToMax ? Collator.toMax(padId, maxLength) : Collator.dynamic(padId);
    }

    private static int ceilDiv(int a, int b) {
        return (int) (((long) a + b - 1) / b);
    }
}
