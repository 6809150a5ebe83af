package dev.ortune.trainer.report.html;

import dev.ortune.trainer.report.Entity;
import dev.ortune.trainer.report.EntityTags;
import dev.ortune.trainer.report.TokenPredictions;
import dev.ortune.trainer.report.plot.Palette;
import dev.ortune.trainer.report.run.TokenHoldout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A sentence with what its words are marked as, twice: as is right and as was predicted.
 *
 * @param errors what is wrong with it, in words
 * @param right the sentence in parts, by its labels
 * @param predicted the same, by the predictions
 */
record MarkedSentence(String errors, List<Part> right, List<Part> predicted) {
    private static final int LENGTH = 25;

    /**
     * Words in a row.
     *
     * @param text the words
     * @param type what they are marked as, or null where they are nothing
     * @param colour variable of the type's colour
     * @param wrong whether the other side marks not just this
     */
    record Part(String text, String type, String colour, boolean wrong) {}

    /** A type and its colour. */
    record Key(String type, String colour) {}

    /** The worst sentences of a set. */
    record Page(String note, List<Key> keys, List<MarkedSentence> rows) {}

    /** Those with the most entities that are wrong, missing or too many; of labels that are no entities the most words. */
    static Page worst(TokenHoldout holdout) {
        Marks marks = new Marks(holdout);
        List<Integer> worst = IntStream.range(0, holdout.size())
                .boxed()
                .filter(sentence -> marks.errors(sentence) > 0)
                .sorted(Comparator.comparingInt(sentence -> -marks.errors(sentence)))
                .limit(LENGTH)
                .toList();
        String set = " of the " + holdout.role() + " set";
        String note = worst.isEmpty()
                ? "No sentence" + set + " has anything wrong."
                : "Sentences" + set + " with the most that is wrong: above what is right, below what was predicted;"
                        + " what the two do not share is underlined.";
        return new Page(note, marks.keys(), worst.stream().map(marks::sentence).toList());
    }

    /** What is marked in the sentences of a set. */
    private static final class Marks {
        private final TokenHoldout holdout;
        private final TokenPredictions predictions;
        private final EntityTags tags;
        private final List<String> types;

        Marks(TokenHoldout holdout) {
            this.holdout = holdout;
            this.predictions = holdout.predictions();
            this.tags = EntityTags.of(predictions.names()).orElse(null);
            this.types = tags == null ? predictions.names() : tags.types();
        }

        List<Key> keys() {
            return types.stream().map(type -> new Key(type, colour(type))).toList();
        }

        private String colour(String type) {
            return Palette.series(types.indexOf(type)).variable();
        }

        int errors(int sentence) {
            Set<Entity> right = new HashSet<>(right(sentence));
            Set<Entity> predicted = new HashSet<>(predicted(sentence));
            Set<Entity> shared = new HashSet<>(right);
            shared.retainAll(predicted);
            return right.size() + predicted.size() - 2 * shared.size();
        }

        MarkedSentence sentence(int sentence) {
            List<Entity> right = right(sentence);
            List<Entity> predicted = predicted(sentence);
            int missing = (int)
                    right.stream().filter(each -> !predicted.contains(each)).count();
            int wrong = (int)
                    predicted.stream().filter(each -> !right.contains(each)).count();
            String errors = tags == null
                    ? Text.count(missing, "wrong word")
                    : missing + " not found, " + wrong + " predicted wrongly";
            return new MarkedSentence(errors, parts(sentence, right, predicted), parts(sentence, predicted, right));
        }

        private List<Entity> right(int sentence) {
            return entities(predictions.measured(sentence, predictions.labels()[sentence]));
        }

        private List<Entity> predicted(int sentence) {
            return entities(predictions.measured(sentence, predictions.predictions()[sentence]));
        }

        /** Without entities each word is marked. */
        private List<Entity> entities(int[] labels) {
            return tags != null
                    ? tags.entities(labels)
                    : IntStream.range(0, labels.length)
                            .mapToObj(word -> new Entity(types.get(labels[word]), word, word))
                            .toList();
        }

        private List<Part> parts(int sentence, List<Entity> marked, List<Entity> other) {
            List<String> all = holdout.sentences().get(sentence);
            int[] places = predictions.measured(
                    sentence, IntStream.range(0, all.size()).toArray());
            List<Part> parts = new ArrayList<>();
            int next = 0;
            for (Entity entity : marked) {
                add(parts, all.subList(next, places[entity.first()]));
                int end = places[entity.last()] + 1;
                parts.add(new Part(
                        String.join(" ", all.subList(places[entity.first()], end)),
                        entity.type(),
                        colour(entity.type()),
                        !other.contains(entity)));
                next = end;
            }
            add(parts, all.subList(next, all.size()));
            return parts;
        }

        private static void add(List<Part> parts, List<String> words) {
            if (!words.isEmpty()) {
                parts.add(new Part(String.join(" ", words), null, null, false));
            }
        }
    }
}
