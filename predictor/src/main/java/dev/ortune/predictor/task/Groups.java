package dev.ortune.predictor.task;

import dev.ortune.predictor.Entity;
import dev.ortune.predictor.text.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts neighbours of one label together. A label is a prefix, B- where an entity begins or I- where it goes on, and a name;
 * without a prefix it goes on.
 */
final class Groups {
    /** In the place of a token's. */
    static final int GROUP = -1;

    private static final String BEGINS = "B-";
    private static final String GOES_ON = "I-";

    private Groups() {}

    /** The groups of tokens or words, in their order. */
    static List<Entity> of(List<Entity> parts, Tokens tokens) {
        List<Entity> groups = new ArrayList<>();
        int start = 0;
        for (int end = 1; end <= parts.size(); end++) {
            if (end == parts.size()
                    || !goesOn(parts.get(end - 1).label(), parts.get(end).label())) {
                groups.add(group(parts.subList(start, end), tokens));
                start = end;
            }
        }
        return groups;
    }

    private static boolean goesOn(String before, String label) {
        return !label.startsWith(BEGINS) && name(label).equals(name(before));
    }

    private static String name(String label) {
        return label.startsWith(BEGINS) || label.startsWith(GOES_ON) ? label.substring(BEGINS.length()) : label;
    }

    private static Entity group(List<Entity> parts, Tokens tokens) {
        Entity first = parts.get(0);
        // Whatever the prefix is: a name may have more than two, and then loses its first part, as in transformers.
        String label = first.label().substring(first.label().indexOf('-') + 1);
        double score = parts.stream().mapToDouble(Entity::score).average().orElseThrow();
        String word = tokens.join(parts.stream().map(Entity::word).toList());
        int end = parts.get(parts.size() - 1).end();
        return new Entity(label, score, word, first.start(), end, GROUP);
    }
}
