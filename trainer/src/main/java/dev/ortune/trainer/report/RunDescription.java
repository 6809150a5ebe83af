package dev.ortune.trainer.report;

import java.util.List;
import java.util.Map;

/**
 * What a training run is about to do.
 *
 * @param pretrained folder of the weights it starts from
 * @param parameters number of weights
 * @param sets the sets by role: train, validation, test; those that there are
 * @param labels label names in the order of their ids
 * @param initialised names of weights that no file held
 * @param hardware what it runs on
 * @param threads CPU threads
 * @param totalSteps optimizer steps
 * @param epochs epochs
 */
public record RunDescription(
        String pretrained,
        long parameters,
        Map<String, DatasetSummary> sets,
        List<String> labels,
        List<String> initialised,
        Hardware hardware,
        int threads,
        int totalSteps,
        int epochs) {
    /** Words of all sets of which the model sees no token. */
    public long unseenWords() {
        return sets.values().stream().mapToLong(DatasetSummary::unseenWords).sum();
    }

    /** Examples cut off in all sets. */
    public int truncated() {
        return sets.values().stream().mapToInt(DatasetSummary::truncated).sum();
    }
}
