package dev.ortune.trainer.sweep;

import java.util.List;
import java.util.Optional;

/** The options of "ortune train", as its own parser has them. */
public interface TrainOptions {
    /**
     * One of them.
     *
     * @param name without dashes
     * @param flag whether it takes no value
     * @param whole whether its value is a whole number
     */
    record Option(String name, boolean flag, boolean whole) {}

    /** The option of a name without dashes. */
    Optional<Option> named(String name);

    /**
     * What is wrong with these words of a command line, in a sentence; nothing where a run could begin. Neither data nor weights are
     * read.
     */
    Optional<String> wrong(List<String> words);
}
