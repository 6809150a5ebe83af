package dev.ortune.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.data.BatchSampler;
import dev.ortune.trainer.data.Batches;
import dev.ortune.trainer.data.Collator;
import dev.ortune.trainer.data.Dataset;
import dev.ortune.trainer.data.EncodedDataset;
import dev.ortune.trainer.data.Example;
import dev.ortune.trainer.data.Labels;
import dev.ortune.trainer.data.Target;
import dev.ortune.trainer.golden.GoldenCase;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.GraphRunner;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.report.ChoicePredictions;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.task.head.ChoiceHead;
import dev.ortune.trainer.task.head.CrossEntropy;
import dev.ortune.trainer.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From choices to one of them. */
class MultipleChoiceTest {
    private static final MultipleChoice TASK = new MultipleChoice();
    private static final List<String> WORDS =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c", "d", "e", "f", "g");

    @TempDir
    private Path folder;

    /** The first sentence, and the second with the ending behind it, as run_swag has them. */
    @Test
    void eachChoiceIsAPair() throws IOException {
        EncodedDataset set = encoded();
        assertThat(set.encodings())
                .extracting(encoding -> Arrays.toString(encoding.ids()))
                .containsExactly(
                        "[2, 5, 6, 3, 7, 8, 3]",
                        "[2, 5, 6, 3, 7, 9, 10, 3]",
                        "[2, 5, 3, 6, 3]",
                        "[2, 5, 3, 7, 3]",
                        "[2, 5, 3, 8, 3]");
        assertThat(set.examples()).containsExactly(0, 0, 1, 1, 1);
        assertThat(set.together()).isTrue();
        assertThat(set.parts()).isEqualTo(2);
        assertThat(set.rows(1)).containsExactly(2, 3, 4);
        assertThat(set.rows(2)).isEmpty();
    }

    private EncodedDataset encoded() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), String.join("\n", WORDS) + "\n");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"bert\"}");
        List<Example> examples = List.of(
                new Example("a b", "c", new Target.Choices(List.of("d", "e f"), 1), "", 2),
                new Example("a", null, new Target.Choices(List.of("b", "c", "d"), 0), "", 3));
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 16)) {
            return TASK.encode(new Dataset("x", examples, Labels.NONE), tokenizer);
        }
    }

    /** However batches are drawn, no example is cut in two, and examples are what their size counts. */
    @Test
    void theChoicesOfAnExampleStayTogether() throws IOException {
        Files.writeString(folder.resolve("vocab.txt"), String.join("\n", WORDS) + "\n");
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 41; i++) {
            List<String> choices = List.of("b", "c d", "e f g", "g").subList(0, 2 + i % 3);
            examples.add(new Example("a b".repeat(1 + i % 4), null, new Target.Choices(choices, i % 2), "", i + 1));
        }
        EncodedDataset set;
        try (TextTokenizer tokenizer = TextTokenizer.load(folder, 16)) {
            set = TASK.encode(new Dataset("x", examples, Labels.NONE), tokenizer);
        }
        for (BatchSampler sampler : List.of(new BatchSampler.Shuffled(3), new BatchSampler.LengthGrouped(3))) {
            List<Batch> batches =
                    new Batches(set, sampler, Collator.dynamic(0), 4).epoch(1).toList();
            assertThat(batches).hasSize(11);
            assertThat(batches.stream().mapToInt(Batch::size).sum()).isEqualTo(set.size());
            for (Batch batch : batches) {
                long[] of = batch.longs(ChoiceHead.EXAMPLE_IDS);
                assertThat(Arrays.stream(of).distinct().count()).isLessThanOrEqualTo(4);
                assertThat((long) TASK.weight(batch, CrossEntropy.PLAIN))
                        .isEqualTo(Arrays.stream(of).distinct().count());
                Arrays.stream(of).distinct().forEach(example -> assertThat(Arrays.stream(of)
                                .filter(each -> each == example)
                                .count())
                        .isEqualTo(2 + example % 3));
            }
        }
    }

    @Test
    void theHighestLogitIsChosen() throws IOException {
        EncodedDataset set = encoded();
        float[] logits = {1, 3, 0.5f, 2, -1};
        ChoicePredictions predictions = TASK.predictions(
                Batches.toEvaluate(set, 0, 1), batch -> Map.of("logits", picked(logits, batch.rows())));
        assertThat(predictions.isRight(0)).isTrue();
        assertThat(predictions.prediction(1)).isEqualTo(1);
        assertThat(predictions.probabilities(1)[1]).isCloseTo(0.785597, within(1e-6));
        assertThat(Metric.ACCURACY.of(predictions.metrics())).isEqualTo(0.5);
        assertThat(predictions.metrics().chance()).isCloseTo((1 / 2.0 + 1 / 3.0) / 2, within(1e-12));
        double first = Math.log(1 + Math.exp(-2));
        double second = -0.5 + Math.log(Math.exp(0.5) + Math.exp(2) + Math.exp(-1));
        assertThat(predictions.metrics().loss()).isCloseTo((first + second) / 2, within(1e-9));
    }

    private static float[] picked(float[] all, int[] rows) {
        float[] picked = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            picked[i] = all[rows[i]];
        }
        return picked;
    }

    /** What graph.onnx gives for a choice does not depend on those beside it, nor on how they are laid out. */
    @Test
    void theGraphTakesAnyNumberOfChoices() throws OrtException {
        GoldenCase golden = GoldenCase.load("bert-multiple-choice");
        Graph graph = golden.network().plain();
        Batch batch = golden.batches().get(0).first(6);
        assertThat(graph.outputs().values().iterator().next().shape().rank()).isEqualTo(2);
        try (GraphRunner runner = new GraphRunner(graph)) {
            float[] one = logits(runner, golden, batch, 6, 1);
            assertThat(logits(runner, golden, batch, 2, 3)).containsExactly(one);
            assertThat(logits(runner, golden, batch, 3, 2)).containsExactly(one);
            for (int i = 0; i < one.length; i++) {
                assertThat((double) one[i]).isCloseTo(golden.logits()[i][0], within(1e-5));
            }
        }
    }

    private static float[] logits(GraphRunner runner, GoldenCase golden, Batch batch, int examples, int choices)
            throws OrtException {
        Map<String, Object> data = new LinkedHashMap<>();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String name : List.of(Batch.INPUT_IDS, Batch.ATTENTION_MASK, Batch.TOKEN_TYPE_IDS)) {
            data.put(name, batch.longs(name));
            shapes.put(name, new long[] {examples, choices, batch.length()});
        }
        for (Tensor tensor : golden.initial().all()) {
            float[] values = new float[(int) tensor.elements()];
            tensor.data().get(values);
            data.put(tensor.name(), values);
            shapes.put(tensor.name(), tensor.shape());
        }
        return runner.run(data, shapes).get("logits");
    }
}
