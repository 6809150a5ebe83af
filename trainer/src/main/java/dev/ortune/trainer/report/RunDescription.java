package dev.ortune.trainer.report;

import java.util.List;
import java.util.Map;

/**
 * What a training run is about to do.
 *
 * @param start what it begins with
 * @param sets the sets by role: train, validation, test; those that there are
 * @param labels label names in the order of their ids
 * @param hardware what it runs on
 * @param threads CPU threads
 * @param totalSteps optimizer steps
 * @param epochs epochs
 * @param notices what a person should know of the sets, a line each
 */
public record RunDescription(
        Start start,
        Map<String, DatasetSummary> sets,
        List<String> labels,
        Hardware hardware,
        int threads,
        int totalSteps,
        int epochs,
        List<String> notices) {
    /**
     * The weights before the first step.
     *
     * @param pretrained folder that they are from
     * @param parameters number of weights, factors of updates included
     * @param trained how many of them are trained
     * @param initialised names of weights that no file held
     */
    public record Start(String pretrained, long parameters, long trained, List<String> initialised) {}

    /** Words of all sets of which the model sees no token. */
    public long unseenWords() {
        return sets.values().stream().mapToLong(DatasetSummary::unseenWords).sum();
    }

    /** Examples cut off in all sets. */
    public int truncated() {
        return sets.values().stream().mapToInt(DatasetSummary::truncated).sum();
    }
}
