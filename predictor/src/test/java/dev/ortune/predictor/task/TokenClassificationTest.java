package dev.ortune.predictor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.Entity;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.files.JsonFile;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.model.VersionFolder;
import dev.ortune.predictor.text.Truncation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entities are those of transformers' pipeline, of a BERT and of a RoBERTa, alone and in batches. */
class TokenClassificationTest {
    private static final double EXACT = 1e-5;

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-level"})
    void entitiesAreThoseOfTransformers(String family) {
        Path folder = Golden.folder("token-classification/" + family);
        JsonNode golden = JsonFile.readObject(folder.resolve("entities.json")).path("texts");
        List<String> texts = Golden.texts();
        assertThat(golden).hasSize(100);
        assertThat(texts).hasSize(100);
        try (ServedModel model = open(folder)) {
            TokenClassification task = (TokenClassification) model.info().task();
            for (int i = 0; i < texts.size(); i++) {
                assertSame(task, predict(model, List.of(texts.get(i))).get(0), texts.get(i), golden.path(i));
            }
            List<Integer> order =
                    new ArrayList<>(IntStream.range(0, texts.size()).boxed().toList());
            Collections.shuffle(order, new Random(15));
            List<Prediction> together =
                    predict(model, order.stream().map(texts::get).toList());
            for (int i = 0; i < order.size(); i++) {
                int text = order.get(i);
                assertSame(task, together.get(i), texts.get(text), golden.path(text));
            }
        }
    }

    private static ServedModel open(Path folder) {
        return ServedModel.open(
                VersionFolder.of(folder), new InferenceOptions("auto", new BatchOptions(4096, 128, 128, 2, 2)));
    }

    private static List<Prediction> predict(ServedModel model, List<String> texts) {
        return model.predict(texts.stream().map(TextInput::of).toList(), Truncation.RIGHT).stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static void assertSame(TokenClassification task, Prediction prediction, String text, JsonNode golden) {
        for (AggregationStrategy strategy : AggregationStrategy.values()) {
            JsonNode expected = golden.path(strategy.toString());
            List<Entity> actual = task.answer(prediction, strategy, Set.of("O")).entities();
            assertThat(actual).as("%s of '%s'", strategy, text).hasSameSizeAs(expected);
            for (int i = 0; i < actual.size(); i++) {
                assertSame(actual.get(i), expected.path(i), strategy + " of '" + text + "'");
            }
        }
    }

    private static void assertSame(Entity actual, JsonNode expected, String what) {
        assertThat(List.of(actual.label(), actual.word(), actual.start(), actual.end()))
                .as(what)
                .containsExactly(
                        expected.path(0).asText(),
                        expected.path(2).asText(),
                        expected.path(3).asInt(),
                        expected.path(4).asInt());
        assertThat(actual.score()).as(what).isCloseTo(expected.path(1).asDouble(), within(EXACT));
    }
}
