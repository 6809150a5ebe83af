package dev.ortune.trainer.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Which text of a pair that is too long loses tokens, under the names of transformers. A single text always does. */
public enum TruncationStrategy {
    /** The longer one until both are equally long, then both. */
    LONGEST_FIRST,
    /** The first alone. */
    ONLY_FIRST,
    /** The second alone. */
    ONLY_SECOND;

    /** The one of a name. */
    static Optional<TruncationStrategy> named(String name) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.toString().equals(name))
                .findFirst();
    }

    /** As it is written on the command line, and in files. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
