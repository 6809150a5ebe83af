package dev.ortune.trainer.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.Datasets;
import dev.ortune.trainer.data.LabelNotices;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.TrainValidationSplit;
import dev.ortune.trainer.task.Regression;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.Tasks;
import dev.ortune.trainer.task.TextClassification;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which sets a run takes, as {@link Datasets#open} understands them.
 *
 * @param train the training set
 * @param validation the validation set, or null to split it off the training set
 * @param test the test set, or null for none; the built-in training set brings its own
 * @param task what the model is to say of them, or null to tell by the training set
 * @param columns which columns of the files
 * @param labels the names of labels that the files number from 0, or null to take them as they are written
 * @param split what is split off the training set where there is no validation set
 * @param limit the most examples to take of each set, drawn by the split's seed; 0 for all
 */
public record DataArguments(
        String train,
        String validation,
        String test,
        Task task,
        ReadOptions columns,
        Labels labels,
        Split split,
        int limit) {
    public DataArguments {
        if (limit < 0) {
            throw new OrtuneException("--limit must not be negative, but is " + limit);
        }
        if (Datasets.isBuiltin(train)) {
            validation = validation == null ? Datasets.BUILTIN + ":validation" : validation;
            test = test == null ? Datasets.BUILTIN + ":test" : test;
        }
    }

    /**
     * What is split off a training set.
     *
     * @param share for validation, in [0, 1); 0 to train without any
     * @param seed picks the rows
     */
    public record Split(double share, long seed) {
        public Split {
            if (!(share >= 0 && share < 1)) {
                throw new OrtuneException("--validation-split must be from 0 to below 1, not " + share);
            }
            if (seed < 0 || seed >= 1L << 32) {
                throw new OrtuneException("--split-seed must be from 0 to 4294967295, not " + seed);
            }
        }
    }

    /** Tokens to cut a text to where nobody says: those of the task that was named, or that the training set can only be of. */
    public int usualLength() {
        return Optional.ofNullable(task)
                .or(() -> Tasks.meantBy(train, columns))
                .orElseGet(TextClassification::new)
                .maxLength();
    }

    /** Reads the sets for a model of which nothing is known. */
    public Sets read() {
        return read(MissingNode.getInstance());
    }

    /**
     * Reads the sets.
     *
     * @param config of the model that is to be trained, which may be of a task already
     */
    public Sets read(JsonNode config) {
        Task.Found found = task == null ? new Task.Found(found(config), null) : task.found(train, columns, labels);
        Task read = found.task();
        String said = task == null ? train + " is for" : "--task says";
        Dataset all = open(read, said, train, labels);
        read.examples().requireTrainable(all, labels);
        Dataset testSet = test == null ? null : openLike(read, said, all, test);
        if (validation != null) {
            Dataset validationSet = openLike(read, said, all, validation);
            return sets(found, all, all, validationSet, testSet);
        }
        if (split.share() == 0) {
            return sets(found, all, all, null, testSet);
        }
        TrainValidationSplit rows = TrainValidationSplit.of(all.size(), split.share(), split.seed());
        Dataset trainSet = rows.trainOf(all);
        Dataset validationSet = rows.validationOf(all);
        return sets(found, all, trainSet, validationSet, testSet);
    }

    /** The task that the data are of, or else, where they may be of several, the model. */
    private Task found(JsonNode config) {
        Task ofData = Tasks.ofData(train, columns, labels);
        boolean ofNumbers = config.path("problem_type").asText().equals("regression");
        return ofData instanceof TextClassification && ofNumbers && Datasets.holdNumbers(train, columns, true)
                ? new Regression()
                : ofData;
    }

    /** @param all the training set before anything was split off */
    private Sets sets(Task.Found found, Dataset all, Dataset train, Dataset validation, Dataset test) {
        Task read = found.task();
        List<String> notices = new ArrayList<>();
        if (found.notice() != null) {
            notices.add(found.notice());
        }
        if (task == null && !(read instanceof TextClassification)) {
            notices.add(all.name() + " holds " + read.examples().kind() + ", so the task is " + read.name()
                    + (read instanceof Regression ? "; --task text-classification takes the numbers for classes" : ""));
        }
        notices.addAll(notices(all, train, validation, test));
        return new Sets(read.fitted(train), train, validation, test, notices);
    }

    private static List<String> notices(Dataset all, Dataset train, Dataset validation, Dataset test) {
        List<String> notices = new ArrayList<>(all.reading().notices());
        for (Dataset held : new Dataset[] {validation, test}) {
            if (held != null) {
                notices.addAll(held.reading().notices());
                // What numbers mean was said with the training set, if that has numbers.
                if (all.reading().numbered().isEmpty()
                        && !held.reading().numbered().isEmpty()) {
                    notices.add(held.numbersTaken());
                }
            }
        }
        notices.addAll(LabelNotices.of(train, validation, test));
        return notices;
    }

    /** A model learns of a second text from the training set alone. */
    private Dataset openLike(Task read, String said, Dataset train, String spec) {
        Dataset set = open(read, said, spec, train.labels());
        if (set.hasPairs() != train.hasPairs()) {
            throw new OrtuneException(
                    set.name() + ": holds " + kind(set) + ", but " + train.name() + " holds " + kind(train));
        }
        return set;
    }

    private static String kind(Dataset set) {
        return set.hasPairs() ? "pairs of texts" : "single texts";
    }

    private Dataset open(Task read, String said, String spec, Labels known) {
        read.requireFitting(spec, columns, said);
        Dataset set = read.examples().read(spec, columns, known);
        return limit == 0 ? set : set.sample(limit, split.seed());
    }

    /**
     * The sets of a run, of the same labels.
     *
     * @param task what the model is to say of them
     * @param train to train on
     * @param validation to choose the best checkpoint by, or null
     * @param test to measure that one on, or null
     * @param notices what a person should know of them, a line each
     */
    public record Sets(Task task, Dataset train, Dataset validation, Dataset test, List<String> notices) {}
}
