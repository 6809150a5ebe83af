package dev.ortune.trainer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Labels of words that mark entities: {@code B-TYPE} begins one, {@code I-TYPE} goes on with it, {@code E-TYPE} ends it,
 * {@code S-TYPE} is one of a single word, and {@code O} is outside of any. So are IOB1, IOB2 and IOBES.
 *
 * <p>Sequences that no scheme allows are read as seqeval reads them by default, and conlleval before it: a word that goes
 * on with an entity of another type, or with none at all, begins one.
 */
public final class EntityTags {
    private static final String OUTSIDE = "O";
    private static final Pattern TAG = Pattern.compile("[BIES](-.*)?", Pattern.DOTALL);

    /** The type of a label that names none. */
    private static final String UNNAMED = "_";

    private static final Tag NOTHING = new Tag('O', "");

    private final List<Tag> tags;

    private EntityTags(List<Tag> tags) {
        this.tags = tags;
    }

    /** A label, taken apart. */
    private record Tag(char prefix, String type) {
        static Tag of(String label) {
            String rest = label.substring(1);
            String type = rest.substring(rest.indexOf('-') + 1);
            return new Tag(label.charAt(0), type.isEmpty() ? UNNAMED : type);
        }

        /** Whether an entity of which this is a word is over before the next one. */
        boolean endsBefore(Tag next) {
            return switch (prefix) {
                case 'E', 'S' -> true;
                case 'B', 'I' -> next.prefix == 'B' || next.prefix == 'S' || next.prefix == 'O' || isOther(next);
                default -> false;
            };
        }

        /** Whether an entity begins with this. */
        boolean beginsAfter(Tag previous) {
            return switch (prefix) {
                case 'B', 'S' -> true;
                case 'E', 'I' ->
                    previous.prefix == 'E' || previous.prefix == 'S' || previous.prefix == 'O' || isOther(previous);
                default -> false;
            };
        }

        private boolean isOther(Tag tag) {
            return !type.equals(tag.type);
        }
    }

    /**
     * The tags that labels are.
     *
     * @param labels names in the order of their ids
     * @return empty when they mark no entities, as those of parts of speech
     */
    public static Optional<EntityTags> of(List<String> labels) {
        boolean all = labels.stream()
                .allMatch(label -> label.equals(OUTSIDE) || TAG.matcher(label).matches());
        boolean any = labels.stream().anyMatch(label -> !label.equals(OUTSIDE));
        return all && any
                ? Optional.of(new EntityTags(labels.stream().map(Tag::of).toList()))
                : Optional.empty();
    }

    /** The types of entities, each once, in their order by characters. */
    public List<String> types() {
        return tags.stream()
                .filter(tag -> tag.prefix != 'O')
                .map(Tag::type)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The entities of a sentence, in order.
     *
     * @param labels of its words, {@code [words]}
     */
    public List<Entity> entities(int[] labels) {
        List<Entity> entities = new ArrayList<>();
        Tag previous = NOTHING;
        int first = 0;
        for (int word = 0; word <= labels.length; word++) {
            Tag tag = word < labels.length ? tags.get(labels[word]) : NOTHING;
            if (previous.endsBefore(tag)) {
                entities.add(new Entity(previous.type, first, word - 1));
            }
            if (tag.beginsAfter(previous)) {
                first = word;
            }
            previous = tag;
        }
        return entities;
    }
}
