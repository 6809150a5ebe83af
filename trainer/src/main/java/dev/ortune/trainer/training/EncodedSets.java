package dev.ortune.trainer.training;

import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.report.DatasetSummary;
import dev.ortune.trainer.text.TextTokenizer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A run's sets as tokens: everything is tokenised once, before the first step.
 *
 * @param train to train on
 * @param validation to choose the best checkpoint by, or null
 * @param test to measure that one on, or null
 * @param padId token id of padding
 */
record EncodedSets(EncodedDataset train, EncodedDataset validation, EncodedDataset test, int padId) {
    /** Tokenises with the tokenizer of {@code folder}, cutting off beyond {@code maxLength} tokens. */
    static EncodedSets of(DataArguments.Sets sets, Path folder, int maxLength) {
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, maxLength)) {
            return new EncodedSets(
                    encoded(sets.train(), tokenizer),
                    encoded(sets.validation(), tokenizer),
                    encoded(sets.test(), tokenizer),
                    tokenizer.padId());
        }
    }

    private static EncodedDataset encoded(Dataset set, TextTokenizer tokenizer) {
        return set == null
                ? null
                : EncodedDataset.encode(set, example -> tokenizer.encode(example.text(), example.pair()));
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
