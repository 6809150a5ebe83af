package dev.ortune.spark;

import java.util.Arrays;
import java.util.Optional;

/** What becomes of a row that cannot be answered, under the names of spark.ml's {@code handleInvalid}. */
enum Bad {
    /** It stays, and its prediction is null. */
    KEEP,
    /** It is left out. */
    SKIP,
    /** The job fails. */
    ERROR;

    static Optional<Bad> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
