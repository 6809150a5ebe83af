package dev.ortune.trainer.report.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.Printable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many examples of each set have how many tokens, special ones and those that were cut off included.
 *
 * @param bySet role to tokens to examples
 */
public record TokenLengths(Map<String, SortedMap<Integer, Long>> bySet) {
    /** Where nobody wrote them down. */
    public static final TokenLengths NONE = new TokenLengths(Map.of());

    static TokenLengths of(Path file, ObjectNode json) {
        Map<String, SortedMap<Integer, Long>> sets = new LinkedHashMap<>();
        json.properties().forEach(set -> {
            SortedMap<Integer, Long> counts = new TreeMap<>();
            set.getValue().properties().forEach(entry -> {
                if (!entry.getKey().matches("[0-9]{1,9}") || entry.getValue().asLong(-1) < 0) {
                    throw new OrtuneException(
                            file + ": " + Printable.of(set.getKey()) + " does not map lengths to counts");
                }
                counts.put(Integer.valueOf(entry.getKey()), entry.getValue().asLong());
            });
            if (!counts.isEmpty()) {
                sets.put(set.getKey(), counts);
            }
        });
        return new TokenLengths(sets);
    }

    /** Examples of a set with more than so many tokens. */
    public long longerThan(String set, int tokens) {
        return bySet.getOrDefault(set, new TreeMap<>()).tailMap(tokens + 1).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Tokens of a set beyond so many of each example. */
    public long tokensBeyond(String set, int tokens) {
        return bySet.getOrDefault(set, new TreeMap<>()).tailMap(tokens + 1).entrySet().stream()
                .mapToLong(entry -> (entry.getKey() - tokens) * entry.getValue())
                .sum();
    }

    /** Examples of a set. */
    public long examples(String set) {
        return longerThan(set, -1);
    }

    /** Tokens of a set. */
    public long tokens(String set) {
        return tokensBeyond(set, 0);
    }
}
