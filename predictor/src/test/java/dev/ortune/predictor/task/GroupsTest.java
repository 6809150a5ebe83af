package dev.ortune.predictor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ortune.predictor.Entity;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.Token;
import dev.ortune.predictor.text.TokenDecoder;
import dev.ortune.predictor.text.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tokens become one entity, with labels and scores that are computed by hand. */
class GroupsTest {
    private static final List<String> LABELS =
            List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC", "B-x-y", "I-x-y", "z-q");
    private static final double SURE = 12;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            B-PER I-PER             | PER
            B-PER B-PER             | PER PER
            I-PER I-PER             | PER
            I-PER B-PER I-PER       | PER PER
            B-PER I-LOC             | PER LOC
            B-PER O I-PER           | PER PER
            O O                     |
            MISC MISC               | MISC
            B-x-y I-x-y             | x-y
            z-q z-q                 | q
            O B-LOC I-LOC O         | LOC
            """)
    void neighboursOfOneLabelAreOne(String labels, String groups) {
        assertThat(entities(AggregationStrategy.SIMPLE, Set.of("O"), words(labels.split(" ", -1))))
                .extracting(Entity::label)
                .containsExactly(groups == null ? new String[0] : groups.split(" ", -1));
    }

    @Test
    void groupsAreWhatIsIgnored() {
        Part[] parts = words("B-PER", "B-LOC", "O");
        assertThat(entities(AggregationStrategy.SIMPLE, Set.of("PER", "B-LOC"), parts))
                .extracting(Entity::label)
                .containsExactly("LOC", "O");
        assertThat(entities(AggregationStrategy.NONE, Set.of("PER", "B-LOC"), parts))
                .extracting(Entity::label)
                .containsExactly("B-PER", "O");
        assertThat(entities(AggregationStrategy.SIMPLE, Set.of(), parts)).hasSize(3);
    }

    @Test
    void wordsHaveOneLabel() {
        Part[] parts = {part("Mi", false, 1, 0.6), part("##cro", true, 3, 0.9), part("##soft", true, 1, 0.7)};
        assertThat(label(AggregationStrategy.FIRST, parts)).isEqualTo("PER 0.600000");
        assertThat(label(AggregationStrategy.MAX, parts)).isEqualTo("LOC 0.900000");
        double average = (0.6 + 0.1 / (LABELS.size() - 1) + 0.7) / 3;
        assertThat(label(AggregationStrategy.AVERAGE, parts)).isEqualTo(String.format("PER %.6f", average));
        assertThat(entities(AggregationStrategy.SIMPLE, Set.of("O"), parts))
                .extracting(Entity::word)
                .containsExactly("Mi", "##cro", "##soft");
        assertThat(entities(AggregationStrategy.MAX, Set.of("O"), parts))
                .extracting(Entity::word)
                .containsExactly("Microsoft");
    }

    @Test
    void aTextThatBeginsInsideAWordIsAWord() {
        assertThat(entities(AggregationStrategy.FIRST, Set.of("O"), part("##cro", true, 1, 0.9)))
                .extracting(Entity::word)
                .containsExactly("##cro");
        assertThat(entities(AggregationStrategy.FIRST, Set.of())).isEmpty();
    }

    @Test
    void tokensBesideTheTextCountForTheIndexAlone() {
        List<Entity> entities = entities(AggregationStrategy.NONE, Set.of("O"), words("B-PER", "O", "B-LOC"));
        assertThat(entities).extracting(Entity::index).containsExactly(1, 3);
        assertThat(entities.get(0).score()).isCloseTo(1, within(1e-4));
        assertThat(entities.get(0).json().has("entity_group")).isFalse();
    }

    /** A token with a label of some probability; the others have equal shares of the rest. */
    private record Part(String word, boolean subword, int label, double share) {}

    private static Part part(String word, boolean subword, int label, double share) {
        return new Part(word, subword, label, share);
    }

    private static Part[] words(String... labels) {
        Part[] parts = new Part[labels.length];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = part("w" + i, false, LABELS.indexOf(labels[i]), 1 / (1 + Math.exp(-SURE)));
        }
        return parts;
    }

    private static String label(AggregationStrategy strategy, Part... parts) {
        Entity entity = entities(strategy, Set.of("O"), parts).get(0);
        return String.format("%s %.6f", entity.label(), entity.score());
    }

    private static List<Entity> entities(AggregationStrategy strategy, Set<String> ignored, Part... parts) {
        List<Token> tokens = new ArrayList<>(List.of(new Token("[CLS]", 0, 0, false, true)));
        int labels = LABELS.size();
        float[] logits = new float[(parts.length + 1) * labels];
        int start = 0;
        for (int i = 0; i < parts.length; i++) {
            Part part = parts[i];
            tokens.add(new Token(part.word, start, start + part.word.length(), part.subword, false));
            start += part.word.length();
            double odds = part.share / ((1 - part.share) / (labels - 1));
            logits[(i + 1) * labels + part.label] = (float) Math.log(odds);
        }
        EncodedText text = new EncodedText(
                new long[tokens.size()],
                new long[tokens.size()],
                new Tokens(tokens, new TokenDecoder.WordPiece("##", true)));
        Prediction prediction = new Prediction(logits, text, Duration.ZERO, Duration.ZERO);
        return new TokenClassification(LABELS)
                .answer(prediction, strategy, ignored)
                .entities();
    }
}
