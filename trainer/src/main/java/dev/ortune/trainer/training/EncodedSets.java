package dev.ortune.trainer.training;

import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.report.DatasetSummary;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.task.Examples;
import dev.ortune.trainer.task.Task;
import dev.ortune.trainer.task.TextClassification;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run's sets as tokens: everything is tokenised once, before the first step.
 *
 * @param task what the model is to say of them
 * @param train to train on
 * @param validation to choose the best checkpoint by, or null
 * @param test to measure that one on, or null
 * @param padId token id of padding
 */
record EncodedSets(Task task, EncodedDataset train, EncodedDataset validation, EncodedDataset test, int padId) {
    /** Of texts with a label each. */
    EncodedSets(EncodedDataset train, EncodedDataset validation, EncodedDataset test, int padId) {
        this(new TextClassification(), train, validation, test, padId);
    }

    /** Tokenises with the tokenizer of {@code folder}, cutting off what is too long. */
    static EncodedSets of(DataArguments.Sets sets, Path folder, BatchArguments batches) {
        Examples examples = sets.task().examples();
        try (TextTokenizer tokenizer =
                TextTokenizer.load(folder, batches.maxLength(), examples.form(), batches.truncation())) {
            return new EncodedSets(
                    sets.task().tokenised(sets.train().labels(), tokenizer),
                    encoded(sets.train(), examples, tokenizer),
                    encoded(sets.validation(), examples, tokenizer),
                    encoded(sets.test(), examples, tokenizer),
                    tokenizer.padId());
        }
    }

    private static EncodedDataset encoded(Dataset set, Examples examples, TextTokenizer tokenizer) {
        return set == null ? null : examples.encode(set, tokenizer);
    }

    Labels labels() {
        return train.dataset().labels();
    }

    /**
     * What the best checkpoint is chosen by.
     *
     * @param asked what somebody asked for, or null for what is usual for the task
     */
    Metric metric(Metric asked) {
        return task.scoring().metric(asked, labels());
    }

    /** The token ids that a training session will meet; the test set is not for it. */
    BitSet tokenIds() {
        BitSet ids = train.tokenIds();
        if (validation != null) {
            ids.or(validation.tokenIds());
        }
        ids.set(padId);
        return ids;
    }

    /** The sets by role: train, validation, test; those that there are. */
    Map<String, EncodedDataset> byRole() {
        Map<String, EncodedDataset> result = new LinkedHashMap<>();
        result.put("train", train);
        if (validation != null) {
            result.put("validation", validation);
        }
        if (test != null) {
            result.put("test", test);
        }
        return result;
    }

    /** The same in numbers. */
    Map<String, DatasetSummary> summaries() {
        Map<String, DatasetSummary> result = new LinkedHashMap<>();
        byRole().forEach((role, set) -> result.put(role, DatasetSummary.of(set)));
        return result;
    }
}
