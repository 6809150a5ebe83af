package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.TrainValidationSplit;

/**
 * Which sets a run takes, as {@link Datasets#open} understands them.
 *
 * @param train the training set
 * @param validation the validation set, or null to split it off the training set
 * @param test the test set, or null for none; the built-in training set brings its own
 * @param columns which columns of the files
 * @param labels the names of labels that the files number from 0, or null to take them as they are written
 * @param validationSplit share that is split off for validation, in [0, 1); 0 to train without any
 * @param splitSeed picks what is split off
 * @param limit the most examples to take of each set, from its start; 0 for all
 */
public record DataArguments(
        String train,
        String validation,
        String test,
        ReadOptions columns,
        Labels labels,
        double validationSplit,
        long splitSeed,
        int limit) {
    public DataArguments {
        if (!(validationSplit >= 0 && validationSplit < 1)) {
            throw new OrtuneException("--validation-split must be from 0 to below 1, not " + validationSplit);
        }
        if (splitSeed < 0 || splitSeed >= 1L << 32) {
            throw new OrtuneException("--split-seed must be from 0 to 4294967295, not " + splitSeed);
        }
        if (limit < 0) {
            throw new OrtuneException("--limit must not be negative, but is " + limit);
        }
        if (Datasets.isBuiltin(train)) {
            validation = validation == null ? Datasets.BUILTIN + ":validation" : validation;
            test = test == null ? Datasets.BUILTIN + ":test" : test;
        }
    }

    /** Reads the sets. */
    public Sets read() {
        Dataset all = open(train, labels);
        requireEachLabel(all);
        if (all.labels().count() < 2) {
            throw new OrtuneException(all.name() + ": every row has the label "
                    + all.labels().names().get(0) + "; a classifier needs two labels at least");
        }
        Dataset testSet = test == null ? null : openLike(all, test);
        if (validation != null) {
            return new Sets(all, openLike(all, validation), testSet);
        }
        if (validationSplit == 0) {
            return new Sets(all, null, testSet);
        }
        TrainValidationSplit split = TrainValidationSplit.of(all.size(), validationSplit, splitSeed);
        return new Sets(split.trainOf(all), split.validationOf(all), testSet);
    }

    /** A name that no row bears is most likely one too many. */
    private void requireEachLabel(Dataset all) {
        if (labels == null) {
            return;
        }
        long used = all.examples().stream().mapToInt(Example::label).distinct().count();
        if (used != labels.count()) {
            throw new OrtuneException(all.name() + ": its rows have " + used + " different labels, but --label-names"
                    + " names " + labels.count() + ": " + String.join(", ", labels.names()));
        }
    }

    /** A model learns of a second text from the training set alone. */
    private Dataset openLike(Dataset train, String spec) {
        Dataset set = open(spec, train.labels());
        if (set.hasPairs() != train.hasPairs()) {
            throw new OrtuneException(
                    set.name() + ": holds " + kind(set) + ", but " + train.name() + " holds " + kind(train));
        }
        return set;
    }

    private static String kind(Dataset set) {
        return set.hasPairs() ? "pairs of texts" : "single texts";
    }

    private Dataset open(String spec, Labels known) {
        Dataset set = Datasets.open(spec, columns, known);
        return limit == 0 || limit >= set.size()
                ? set
                : new Dataset(set.name(), set.examples().subList(0, limit), set.labels());
    }

    /**
     * The sets of a run, of the same labels.
     *
     * @param train to train on
     * @param validation to choose the best checkpoint by, or null
     * @param test to measure that one on, or null
     */
    public record Sets(Dataset train, Dataset validation, Dataset test) {}
}
