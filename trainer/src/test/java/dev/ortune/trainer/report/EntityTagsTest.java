package dev.ortune.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Entities are those that seqeval finds; entities.py, beside entities.json, is a program of its own after its definition. */
class EntityTagsTest {
    @Test
    void entitiesAreSeqevals() throws IOException {
        JsonNode golden = golden();
        EntityTags tags = EntityTags.of(labels(golden)).orElseThrow();
        for (JsonNode each : golden.path("cases")) {
            List<Entity> wanted = new ArrayList<>();
            each.path("entities")
                    .forEach(entity -> wanted.add(new Entity(
                            entity.get(0).asText(),
                            entity.get(1).asInt(),
                            entity.get(2).asInt())));
            assertThat(tags.entities(integers(each.path("predicted"))))
                    .as(each.toString())
                    .isEqualTo(wanted);
        }
    }

    @Test
    void countsAreSeqevals() throws IOException {
        JsonNode golden = golden();
        List<int[]> right = new ArrayList<>();
        List<int[]> predicted = new ArrayList<>();
        Map<String, TypeScore> wanted = new TreeMap<>();
        for (JsonNode each : golden.path("cases")) {
            right.add(integers(each.path("right")));
            predicted.add(integers(each.path("predicted")));
            each.path("counts")
                    .properties()
                    .forEach(field ->
                            wanted.merge(field.getKey(), score(field.getKey(), field.getValue()), TypeScore::plus));
        }
        TokenPredictions predictions =
                new TokenPredictions(labels(golden), right.toArray(int[][]::new), predicted.toArray(int[][]::new), 0.5);
        assertThat(predictions.metrics().types()).containsExactlyElementsOf(wanted.values());
    }

    private static TypeScore score(String type, JsonNode counts) {
        return new TypeScore(
                type,
                counts.get(0).asLong(),
                counts.get(1).asLong(),
                counts.get(2).asLong());
    }

    @Test
    void microAveragesCountAllEntitiesAlike() {
        TokenMetrics metrics = new TokenMetrics(
                2, 0.1, new WordCounts(10, 7, 0), List.of(new TypeScore("A", 1, 2, 3), new TypeScore("B", 1, 1, 1)));
        assertThat(metrics.values().keySet())
                .containsExactly(Metric.PRECISION, Metric.RECALL, Metric.F1, Metric.ACCURACY);
        assertThat(metrics.values().values()).containsExactly(2 / 3.0, 0.5, 4 / 7.0, 0.7);
    }

    @Test
    void aWordThatWasNotMeasuredIsNotThere() {
        int none = TokenPredictions.NONE;
        TokenPredictions predictions = new TokenPredictions(
                List.of("B-X", "I-X", "O"),
                new int[][] {{0, 2, 1}, {0, 1, 1}},
                new int[][] {{0, none, 1}, {0, 1, none}},
                0);
        TokenMetrics metrics = predictions.metrics();
        assertThat(metrics.words()).isEqualTo(new WordCounts(4, 4, 2));
        assertThat(metrics.all()).isEqualTo(new TypeScore("all", 2, 2, 2));
    }

    @Test
    void partsOfSpeechAreNoEntities() {
        assertThat(EntityTags.of(List.of("ADJ", "NOUN", "VERB"))).isEmpty();
        assertThat(EntityTags.of(List.of("O"))).isEmpty();
        assertThat(EntityTags.of(List.of("B", "I", "O"))).isPresent();
        TokenMetrics metrics =
                new TokenPredictions(List.of("ADJ", "NOUN"), new int[][] {{0, 1}}, new int[][] {{0, 0}}, 0).metrics();
        assertThat(metrics.values()).isEqualTo(Map.of(Metric.ACCURACY, 0.5));
    }

    private static JsonNode golden() throws IOException {
        try (InputStream file = EntityTagsTest.class.getResourceAsStream("entities.json")) {
            return new ObjectMapper().readTree(file);
        }
    }

    private static List<String> labels(JsonNode golden) {
        List<String> labels = new ArrayList<>();
        golden.path("labels").forEach(label -> labels.add(label.asText()));
        return labels;
    }

    private static int[] integers(JsonNode array) {
        return IntStream.range(0, array.size())
                .map(i -> array.get(i).intValue())
                .toArray();
    }
}
