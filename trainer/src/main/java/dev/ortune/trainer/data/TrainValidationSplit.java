package dev.ortune.trainer.data;

import dev.ortune.trainer.OrtuneException;
import java.util.Arrays;
import java.util.List;

/**
 * Rows for training and rows for validation, the ones scikit-learn's {@code train_test_split(rows,
 * random_state=seed, test_size=share)} picks, in its order.
 *
 * @param train rows of the training set
 * @param validation rows of the validation set
 */
public record TrainValidationSplit(int[] train, int[] validation) {
    /**
     * Splits rows 0 to n-1 as {@code ShuffleSplit} does: the first ⌈share · n⌉ of {@code
     * RandomState(seed).permutation(n)} validate, the rest train.
     *
     * @param n number of rows
     * @param share share of the validation set, in (0, 1), {@code --validation-split}
     * @param seed in [0, 2³²), {@code --split-seed}
     * @throws OrtuneException if the share is out of range or leaves no row to train on
     */
    public static TrainValidationSplit of(int n, double share, long seed) {
        if (!(share > 0 && share < 1)) {
            throw new OrtuneException("--validation-split must be between 0 and 1, not " + share);
        }
        if (seed < 0 || seed >= 1L << 32) {
            throw new OrtuneException("--split-seed must be 0 to 4294967295, not " + seed);
        }
        int validation = (int) Math.ceil(share * n);
        if (validation >= n) {
            throw new OrtuneException(
                    "--validation-split " + share + " of " + n + " rows leaves none to train on; give more rows");
        }
        int[] order = new Mt19937(seed).permutation(n);
        return new TrainValidationSplit(
                Arrays.copyOfRange(order, validation, n), Arrays.copyOfRange(order, 0, validation));
    }

    /** The rows of {@code dataset} to train on. */
    public Dataset trainOf(Dataset dataset) {
        return select(dataset, train, "train");
    }

    /** The rows of {@code dataset} to validate on. */
    public Dataset validationOf(Dataset dataset) {
        return select(dataset, validation, "validation");
    }

    private static Dataset select(Dataset dataset, int[] rows, String part) {
        List<Example> examples =
                Arrays.stream(rows).mapToObj(dataset.examples()::get).toList();
        return new Dataset(dataset.name() + " (" + part + ")", examples, dataset.labels());
    }
}
