package dev.ortune.predictor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.SpanAnswer;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.files.JsonFile;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.model.VersionFolder;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.Windows;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers are those of transformers' pipeline, of a BERT and of a RoBERTa, many of them from several windows. */
class QuestionAnsweringTest {
    private static final double EXACT = 1e-5;

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-level"})
    void answersAreThoseOfTransformers(String family) {
        JsonNode cases = JsonFile.readObject(
                        Golden.folder("question-answering/" + family).resolve("answers.json"))
                .path("cases");
        assertThat(cases).hasSize(50);
        int windows = 0;
        try (ServedModel model = ServedModel.open(
                VersionFolder.of(Golden.folder("question-answering/" + family)),
                new InferenceOptions("auto", new BatchOptions(4096, 128, 128, 2, 2)))) {
            QuestionAnswering task = (QuestionAnswering) model.info().task();
            for (JsonNode each : cases) {
                JsonNode said = each.path("parameters");
                int length = said.path("max_seq_len").asInt(128);
                Windows cut = new Windows(length, said.path("doc_stride").asInt(Math.min(length / 2, 128)));
                String context = each.path("context").textValue();
                List<EncodedText> encoded =
                        model.windows(new TextInput(each.path("question").textValue(), context), 0, cut);
                windows += encoded.size();
                List<Prediction> predictions = model.submit(encoded).stream()
                        .map(CompletableFuture::join)
                        .toList();
                QuestionAnswering.Choice choice = new QuestionAnswering.Choice(
                        said.path("top_k").asInt(1),
                        said.path("max_answer_len").asInt(15),
                        said.path("handle_impossible_answer").asBoolean(false),
                        said.path("align_to_words").asBoolean(true));
                assertSame(each, task.answer(context, predictions, choice).json());
            }
        }
        assertThat(windows).isGreaterThan(80);
    }

    private static void assertSame(JsonNode each, JsonNode actual) {
        JsonNode expected = each.path("answer");
        assertThat(actual.isArray()).as(each.toString()).isEqualTo(expected.isArray());
        List<JsonNode> wanted = expected.isArray() ? expected.valueStream().toList() : List.of(expected);
        List<JsonNode> found = actual.isArray() ? actual.valueStream().toList() : List.of(actual);
        assertThat(found).as(each.toString()).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.size(); i++) {
            for (String name : List.of("answer", "start", "end")) {
                assertThat(found.get(i).path(name))
                        .as(name + " of " + each)
                        .isEqualTo(wanted.get(i).path(name));
            }
            assertThat(found.get(i).path("score").asDouble())
                    .as("score of " + each)
                    .isCloseTo(wanted.get(i).path("score").asDouble(), within(EXACT));
        }
    }

    /** Where a request leaves it open, the model's own threshold says whether there is an answer. */
    @Test
    void theThresholdDecides() {
        try (ServedModel model = ServedModel.open(
                VersionFolder.of(Golden.folder("question-answering/wordpiece")),
                new InferenceOptions("auto", new BatchOptions(4096, 128, 128, 2, 2)))) {
            String context = "Wolfgang lives in Berlin.";
            List<Prediction> predictions =
                    model.submit(model.windows(new TextInput("Who?", context), 0, new Windows(128, 16))).stream()
                            .map(CompletableFuture::join)
                            .toList();
            QuestionAnswering.Choice usual = QuestionAnswering.Choice.USUAL;
            String best = new QuestionAnswering(false, 0)
                    .answer(context, predictions, usual)
                    .best()
                    .answer();
            assertThat(best).isNotEmpty();
            assertThat(new QuestionAnswering(true, 1e6)
                            .answer(context, predictions, usual)
                            .best()
                            .answer())
                    .isEqualTo(best);
            assertThat(new QuestionAnswering(true, -1e6)
                            .answer(context, predictions, usual)
                            .best())
                    .extracting(SpanAnswer::answer, SpanAnswer::start, SpanAnswer::end)
                    .containsExactly("", 0, 0);
        }
    }
}
