package dev.ortune.trainer.training;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A batch's place among those of an optimizer step.
 *
 * @param index of the batch in the step, from 0
 * @param batches how many batches make up the step
 * @param share what its mean loss counts for in the step's, from 0; all shares of a step make 1
 */
public record StepPart(int index, int batches, double share) {
    /** Of a step of one batch. */
    public static final StepPart WHOLE = new StepPart(0, 1, 1);

    public StepPart {
        if (index < 0 || index >= batches || !(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("part " + index + " of " + batches + " with a share of " + share);
        }
    }

    /** One of batches that all count the same. */
    public static StepPart equal(int index, int batches) {
        return new StepPart(index, batches, 1.0 / batches);
    }

    /**
     * The parts of a step whose loss is the mean over all that is labelled in it, as if it were one batch.
     *
     * @param weights what the mean of each batch was divided by, {@code [batches]}; where all are 0 they count the same
     */
    static List<StepPart> of(double... weights) {
        double all = Arrays.stream(weights).sum();
        return IntStream.range(0, weights.length)
                .mapToObj(i -> all == 0 ? equal(i, weights.length) : new StepPart(i, weights.length, weights[i] / all))
                .toList();
    }

    boolean isFirst() {
        return index == 0;
    }

    boolean isLast() {
        return index == batches - 1;
    }
}
