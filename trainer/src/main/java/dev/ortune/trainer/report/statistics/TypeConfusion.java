package dev.ortune.trainer.report.statistics;

import dev.ortune.trainer.report.Entity;
import dev.ortune.trainer.report.EntityTags;
import dev.ortune.trainer.report.TokenPredictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which type the words of each type were taken for, word by word, so that an entity with a wrong end counts as far as it is
 * right; of labels that mark no entities the labels themselves.
 *
 * @param names of the rows and columns; of entities {@code none}, for words outside of any, comes last
 * @param counts {@code [right, predicted]}
 */
public record TypeConfusion(List<String> names, long[][] counts) {
    /** Outside of any entity. */
    public static final String NONE = "none";

    static TypeConfusion of(TokenPredictions predictions) {
        Optional<EntityTags> tags = EntityTags.of(predictions.names());
        List<String> names = new ArrayList<>(tags.map(EntityTags::types).orElse(predictions.names()));
        tags.ifPresent(entities -> names.add(NONE));
        long[][] counts = new long[names.size()][names.size()];
        for (int sentence = 0; sentence < predictions.size(); sentence++) {
            int[] right = predictions.measured(sentence, predictions.labels()[sentence]);
            int[] predicted = predictions.measured(sentence, predictions.predictions()[sentence]);
            int[] from = tags.map(entities -> types(entities, names, right)).orElse(right);
            int[] to = tags.map(entities -> types(entities, names, predicted)).orElse(predicted);
            for (int word = 0; word < from.length; word++) {
                counts[from[word]][to[word]]++;
            }
        }
        return new TypeConfusion(names, counts);
    }

    private static int[] types(EntityTags tags, List<String> names, int[] labels) {
        int[] types = new int[labels.length];
        Arrays.fill(types, names.size() - 1);
        for (Entity entity : tags.entities(labels)) {
            Arrays.fill(types, entity.first(), entity.last() + 1, names.indexOf(entity.type()));
        }
        return types;
    }

    /** Words of a row. */
    public long occurrences(int row) {
        long sum = 0;
        for (long count : counts[row]) {
            sum += count;
        }
        return sum;
    }
}
