package dev.ortune.trainer.training;

import dev.ortune.trainer.OrtuneException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which texts a run of pre-training takes.
 *
 * @param train files to train on, one at least
 * @param validation files to validate on; none to take the last of the training set's sequences
 * @param split their share, in [0, 1); 0 to train without any
 * @param column the key of a JSON object's text
 * @param lineByLine whether each line is a sequence of its own, rather than a part of full blocks
 */
public record CorpusArguments(
        List<Path> train, List<Path> validation, double split, String column, boolean lineByLine) {
    public CorpusArguments {
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        if (!(split >= 0 && split < 1)) {
            throw new OrtuneException("--validation-split must be from 0 to below 1, not " + split);
        }
    }

    /** Whether there is anything to validate on. */
    boolean validates() {
        return !validation.isEmpty() || split > 0;
    }
}
