package dev.ortune.predictor.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How tokens become entities, under the names of transformers' pipeline. */
public enum AggregationStrategy {
    /** Each token is one. */
    NONE,
    /** Neighbours of one label are one. */
    SIMPLE,
    /** As simple, of words: each has its first token's label. */
    FIRST,
    /** As simple, of words: each has the label that is likeliest on average over its tokens. */
    AVERAGE,
    /** As simple, of words: each has its surest token's label. */
    MAX;

    /** The one of a name in small letters. */
    public static Optional<AggregationStrategy> named(String name) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.toString().equals(name))
                .findFirst();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
