package dev.ortune.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.ReadOptions;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.report.AnswerMetrics;
import dev.ortune.trainer.report.AnswerPredictions;
import dev.ortune.trainer.report.AnswerSpan;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.task.head.AnswerHead;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.text.Encoding;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From questions to answers, with tokenizers that are real and a model that says what each test wants. */
class QuestionAnsweringTest {
    private static final String CONTEXT = "😀 The ferry to the old harbour left at noon, and nobody came back.";
    private static final double LOG_OF = 9;

    @TempDir
    private Path folder;

    /** Windows and targets are those of transformers' tokenizers and run_qa; make_answers.py wrote them down. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta"})
    void windowsAreThoseOfRunQa(String family) throws IOException {
        JsonNode all = new ObjectMapper()
                .readTree(
                        QuestionAnsweringTest.class.getResourceAsStream("/golden/answers/windows-" + family + ".json"));
        String context = all.path(0).path("context").textValue();
        int windows = 0;
        for (int i = 1; i < all.size(); i++) {
            JsonNode each = all.path(i);
            EncodedDataset encoded = encoded(family, context, each);
            JsonNode ids = each.path("ids");
            assertThat(encoded.size()).as(each.toString()).isEqualTo(ids.size());
            for (int row = 0; row < ids.size(); row++) {
                assertThat(encoded.encodings().get(row).ids())
                        .as(each.toString())
                        .isEqualTo(ids.path(row)
                                .valueStream()
                                .mapToInt(JsonNode::asInt)
                                .toArray());
                assertThat(target(encoded, AnswerHead.START_POSITIONS, row))
                        .as(each.toString())
                        .isEqualTo(each.path("targets").path(row).path(0).asLong());
                assertThat(target(encoded, AnswerHead.END_POSITIONS, row))
                        .as(each.toString())
                        .isEqualTo(each.path("targets").path(row).path(1).asLong());
            }
            windows += ids.size();
        }
        assertThat(windows).isGreaterThan(all.size());
    }

    private EncodedDataset encoded(String family, String context, JsonNode each) {
        String answer = each.path("answer").textValue();
        int start = context.codePointCount(0, context.indexOf(answer));
        Example example = new Example(
                each.path("question").textValue(),
                context,
                new Target.Answers("q", List.of(new Target.Answer(answer, start))),
                "",
                1);
        QuestionAnswering task =
                new QuestionAnswering().with(each.path("stride").asInt(), 30);
        try (TextTokenizer tokenizer =
                TextTokenizer.load(tokenizer(family), each.path("max_length").asInt())) {
            return task.encode(new Dataset("x", List.of(example), Labels.NONE), tokenizer);
        }
    }

    private static long target(EncodedDataset set, String name, int row) {
        return set.targets().get(name).collate(new int[] {row}, 0).longs()[0];
    }

    @Test
    void aQuestionMustLeaveRoom() throws IOException {
        Dataset set = read(question("a", "Why did nobody come back?", "noon"));
        try (TextTokenizer tokenizer = TextTokenizer.load(tokenizer("bert"), 30)) {
            assertThatThrownBy(() -> new QuestionAnswering().with(20, 30).encode(set, tokenizer))
                    .isInstanceOf(OrtuneException.class)
                    .hasMessageContaining(", question a: the question leaves room for ")
                    .hasMessageContaining("more than the stride of 20; raise --max-length or lower --doc-stride");
        }
    }

    @Test
    void theBestAnswerOfAllWindowsCounts() throws IOException {
        EncodedDataset set = encoded(read(question("a", "When?", "noon"), question("b", "What?", "ferry")), 24, 8);
        assertThat(set.size()).isGreaterThan(2);
        AnswerPredictions padded =
                predict(new QuestionAnswering(NoAnswer.NEVER), set, 8, false, QuestionAnsweringTest::right);
        assertThat(padded.answer(0)).extracting(AnswerSpan::text).isEqualTo("noon");
        assertThat(padded.answer(0).start()).isEqualTo(CONTEXT.codePointCount(0, CONTEXT.indexOf("noon")));
        assertThat(padded.answer(1)).extracting(AnswerSpan::text).isEqualTo("ferry");
        assertThat(padded.metrics().values())
                .containsEntry(Metric.EXACT_MATCH, 1.0)
                .containsEntry(Metric.F1, 1.0);
        AnswerPredictions packed =
                predict(new QuestionAnswering(NoAnswer.NEVER), set, 8, true, QuestionAnsweringTest::right);
        AnswerPredictions alone =
                predict(new QuestionAnswering(NoAnswer.NEVER), set, 1, false, QuestionAnsweringTest::right);
        assertThat(packed).isEqualTo(padded);
        assertThat(alone).isEqualTo(padded);
        double others = set.encodings().stream()
                .mapToDouble(encoding -> Math.log(Math.exp(LOG_OF) + encoding.length() - 1) - LOG_OF)
                .average()
                .orElseThrow();
        assertThat(padded.loss()).isCloseTo(others, offset(1e-5));
        assertThat(padded.questions().get(0).candidates().stream()
                        .mapToDouble(AnswerSpan::probability)
                        .sum())
                .isCloseTo(1, offset(1e-9));
    }

    @Test
    void answersAreNoLongerThanTheyMay() throws IOException {
        EncodedDataset set = encoded(read(question("a", "When?", "noon, and nobody")), 64, 8);
        int tokens = (int) (target(set, AnswerHead.END_POSITIONS, 0) - target(set, AnswerHead.START_POSITIONS, 0)) + 1;
        assertThat(predict(
                                new QuestionAnswering(NoAnswer.NEVER).with(8, tokens),
                                set,
                                8,
                                false,
                                QuestionAnsweringTest::right)
                        .answer(0)
                        .text())
                .isEqualTo("noon, and nobody");
        assertThat(predict(
                                new QuestionAnswering(NoAnswer.NEVER).with(8, tokens - 1),
                                set,
                                8,
                                false,
                                QuestionAnsweringTest::right)
                        .answer(0)
                        .text())
                .isNotEqualTo("noon, and nobody");
    }

    /** A model that is surer of an answer where there is one, but always sure: the threshold is what tells. */
    @Test
    void theValidationSetChoosesTheThreshold() throws IOException {
        EncodedDataset set = encoded(
                read(question("a", "When?", "noon"), question("b", "What?", "ferry"), question("c", "Why?", null)),
                64,
                8);
        QuestionAnswering task = (QuestionAnswering) new QuestionAnswering().fitted(set.dataset());
        assertThat(task.noAnswer()).isEqualTo(NoAnswer.POSSIBLE);
        ToDoubleBiFunction<Long, Integer> model =
                (right, token) -> token.longValue() == right ? LOG_OF : token == 9 ? 3 : 0;
        AnswerPredictions predictions = predict(task, set, 8, false, model);
        assertThat(predictions.questions())
                .extracting(each -> each.nullScore() < 0)
                .containsExactly(true, true, false);
        QuestionAnswering tuned = (QuestionAnswering) task.tuned(predictions);
        assertThat(tuned.nullThreshold())
                .isEqualTo(Math.max(
                        predictions.questions().get(0).nullScore(),
                        predictions.questions().get(1).nullScore()));
        AnswerMetrics metrics = predict(tuned, set, 8, false, model).metrics();
        assertThat(metrics.all().f1()).isEqualTo(1);
        assertThat(metrics.unanswerable().count()).isEqualTo(1);
        ObjectNode config = new ObjectMapper().createObjectNode();
        tuned.describe(config, Labels.NONE);
        assertThat(new QuestionAnswering().of(config)).isEqualTo(tuned);
        Path file = folder.resolve("predictions.json");
        tuned.write(file, set, predict(tuned, set, 8, false, model));
        assertThat(new ObjectMapper().readTree(file.toFile()).toString())
                .isEqualTo("{\"a\":\"noon\",\"b\":\"ferry\",\"c\":\"\"}");
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("predictions_null_odds.json").toFile()))
                .hasSize(3);
        List<String> lines = Files.readAllLines(folder.resolve("predictions_nbest.jsonl"));
        assertThat(lines).hasSize(3);
        JsonNode line = new ObjectMapper().readTree(lines.get(2));
        assertThat(line.path("prediction").textValue()).isEmpty();
        assertThat(line.path("nbest")).hasSize(AnswerPredictions.N_BEST);
    }

    @Test
    void presetsAndDataMustFit() throws IOException {
        Dataset without = read(question("a", "When?", "noon"), question("b", "Why?", null));
        assertThatThrownBy(() -> Tasks.named("squad").fitted(without))
                .isInstanceOf(OrtuneException.class)
                .hasMessageEndingWith(": 1 of 2 questions have no answer; --task squad_v2 learns when there is none");
        assertThat(Tasks.named("squad_v2").fitted(without)).isEqualTo(new QuestionAnswering(NoAnswer.POSSIBLE));
        assertThatThrownBy(() -> new QuestionAnswering().requireTrainable(read(question("b", "Why?", null)), null))
                .hasMessageEndingWith(": no question has an answer");
        assertThatThrownBy(() -> new QuestionAnswering().head(0, new CrossEntropy(0.1, null)))
                .hasMessage("--class-weights and --label-smoothing are for labels, and answers have none");
        assertThat(Tasks.ofData(folder.resolve("squad.json").toString(), ReadOptions.DEFAULTS, null))
                .isEqualTo(new QuestionAnswering());
        assertThatThrownBy(() -> new TextClassification()
                        .requireFitting(folder.resolve("squad.json").toString(), ReadOptions.DEFAULTS, "--task says"))
                .hasMessageContaining(
                        "holds questions with answers in a context, which is question-answering, but --task"
                                + " says text-classification");
    }

    /** Speaks for the right places, or for the first where there is no answer. */
    private static double right(long right, int token) {
        return token == right ? LOG_OF : 0;
    }

    private static AnswerPredictions predict(
            QuestionAnswering task,
            EncodedDataset set,
            int batchSize,
            boolean packed,
            ToDoubleBiFunction<Long, Integer> model) {
        Function<Batch, Map<String, float[]>> outputs = batch -> Map.of(
                AnswerHead.START_LOGITS, logits(batch, AnswerHead.START_POSITIONS, packed, model),
                AnswerHead.END_LOGITS, logits(batch, AnswerHead.END_POSITIONS, packed, model));
        return task.predictions(Batches.toEvaluate(set, 0, batchSize), outputs);
    }

    private static float[] logits(
            Batch batch, String positions, boolean packed, ToDoubleBiFunction<Long, Integer> model) {
        float[] logits = new float[batch.size() * batch.length()];
        int count = 0;
        for (int cell = 0; cell < logits.length; cell++) {
            long right = batch.longs(positions)[cell / batch.length()];
            if (!packed || batch.attentionMask()[cell] == 1) {
                // Padding says much, and must not be heard.
                logits[count++] = batch.attentionMask()[cell] == 0
                        ? 99
                        : (float) model.applyAsDouble(right, cell % batch.length());
            }
        }
        return Arrays.copyOf(logits, count);
    }

    private EncodedDataset encoded(Dataset set, int maxLength, int stride) {
        try (TextTokenizer tokenizer = TextTokenizer.load(tokenizer("bert"), maxLength)) {
            EncodedDataset encoded = new QuestionAnswering().with(stride, 30).encode(set, tokenizer);
            assertThat(encoded.encodings()).extracting(Encoding::length).allMatch(length -> length <= maxLength);
            return encoded;
        }
    }

    private static String question(String id, String question, String answer) {
        int start = answer == null ? 0 : CONTEXT.codePointCount(0, CONTEXT.indexOf(answer));
        String text = answer == null ? "" : "\"" + answer + "\"";
        return "{\"id\": \"" + id + "\", \"context\": \"" + CONTEXT + "\", \"question\": \"" + question
                + "\", \"answers\": {\"text\": [" + text + "], \"answer_start\": [" + (answer == null ? "" : start)
                + "]}}";
    }

    private Dataset read(String... questions) throws IOException {
        Path file = Files.writeString(folder.resolve("squad.json"), String.join("\n", questions));
        return new QuestionAnswering().read(file.toString(), ReadOptions.DEFAULTS, null);
    }

    private static Path tokenizer(String family) {
        try {
            return Path.of(QuestionAnsweringTest.class
                    .getResource("/golden/tokenizers/" + family)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
