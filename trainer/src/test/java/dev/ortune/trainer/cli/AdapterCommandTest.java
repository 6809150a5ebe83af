package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.inference.TrainedModel;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that train a part of the weights, and what can be done with their adapters. */
class AdapterCommandTest {
    @TempDir
    private static Path shared;

    private static TinyRun run;

    private static Cli trained;

    @TempDir
    private Path folder;

    @BeforeAll
    static void train() throws IOException {
        run = TinyRun.in(shared, "--epochs=4", "--lora", "--lora-rank=4");
        trained = run.train("first", "--lr=1e-2");
        assertThat(trained.err()).isEmpty();
        assertThat(run.train("second", "--lr=1e-2", "--seed=7").exit()).isZero();
    }

    private static Path adapter(String model) {
        return run.model(model).resolve("adapter");
    }

    private static Weights weights(Path file) {
        return Safetensors.read(file.resolve("model.safetensors"));
    }

    /** All but the updated layers and what had no weights before is as it was. */
    @Test
    void onlyUpdatedLayersAndTheHeadChange() throws IOException {
        assertThat(trained.out())
                .contains("LoRA of rank 4, alpha 8: query,value; trained whole: classifier, bert.pooler.dense")
                .containsPattern("Trains      2,146 of them, \\d+\\.\\d %");
        Weights before = weights(shared.resolve("tiny"));
        Weights after = weights(run.model("first"));
        for (Tensor tensor : before.all()) {
            boolean updated = tensor.name().matches(".*\\.(query|value)\\.weight");
            boolean same = tensor.data().equals(after.get(tensor.name()).data());
            assertThat(same).as(tensor.name()).isEqualTo(!updated);
        }
        JsonNode arguments = new ObjectMapper()
                .readTree(run.model("first").resolve("training_args.json").toFile());
        assertThat(arguments.path("lora_rank").asInt()).isEqualTo(4);
        assertThat(arguments.path("trainable_parameters").asInt()).isEqualTo(2146);
        assertThat(run.model("first").resolve("report.html")).content().contains("Trained parameters", "2,146 (");
        assertThat(arguments.path("lora_targets").asText()).isEqualTo("query,value");
    }

    @Test
    void mergedModelIsTheTrainedOne() {
        Path merged = folder.resolve("merged");
        Cli merge = Cli.run("adapter", "merge", run.model("first"), "--out", merged, "--label-names=0,1");
        assertThat(merge.err()).isEmpty();
        assertThat(merge.exit()).isZero();
        for (Tensor tensor : weights(run.model("first")).all()) {
            assertThat(weights(merged).get(tensor.name()).data())
                    .as(tensor.name())
                    .isEqualTo(tensor.data());
        }
        String test = "--data=" + shared.resolve("test.tsv");
        assertThat(Cli.run("evaluate", merged, test).out())
                .contains(Cli.run("evaluate", run.model("first"), test)
                        .out()
                        .lines()
                        .filter(line -> line.contains("MCC"))
                        .findFirst()
                        .orElseThrow());
    }

    /** Half of each update is what the sum adds. */
    @Test
    void sumOfAdaptersIsTheSumOfTheirUpdates() {
        Path sum = folder.resolve("sum");
        Cli add = Cli.run("adapter", "add", adapter("first"), adapter("second"), "--weights=0.25,0.75", "--out", sum);
        assertThat(add.err()).isEmpty();
        assertThat(add.out()).contains("rank 8");
        Path merged = folder.resolve("merged");
        assertThat(Cli.run("adapter", "merge", sum, "--out", merged).exit()).isZero();
        for (Tensor tensor : weights(merged).all()) {
            Tensor first = weights(run.model("first")).get(tensor.name());
            Tensor second = weights(run.model("second")).get(tensor.name());
            for (int i = 0; i < tensor.elements(); i++) {
                double expected =
                        0.25 * first.data().get(i) + 0.75 * second.data().get(i);
                assertThat((double) tensor.data().get(i)).as(tensor.name()).isCloseTo(expected, within(1e-6));
            }
        }
        Cli wrong = Cli.run("adapter", "add", adapter("first"), sum, "--weights=1", "--out", folder.resolve("x"));
        assertThat(wrong.err())
                .contains("--weights has 1 numbers for 2 adapters")
                .hasLineCount(1);
    }

    /** A run that goes on with an adapter begins where that ended. */
    @Test
    void runGoesOnWithAnAdapter() {
        Cli more = Cli.run(Stream.of(
                        "train",
                        "--pretrained=" + shared.resolve("tiny"),
                        "--train=" + shared.resolve("train.tsv"),
                        "--adapter=" + adapter("first"),
                        "--lr=1e-9",
                        "--epochs=1",
                        "--out=" + folder.resolve("more"))
                .toArray());
        assertThat(more.err()).isEmpty();
        assertThat(more.out()).doesNotContain("Initialised");
        for (Tensor tensor : weights(run.model("first")).all()) {
            Tensor after = weights(folder.resolve("more")).get(tensor.name());
            for (int i = 0; i < tensor.elements(); i++) {
                assertThat((double) after.data().get(i)).isCloseTo(tensor.data().get(i), within(1e-5));
            }
        }
        Cli both = Cli.run(
                "train",
                "--adapter=" + adapter("first"),
                "--lora-rank=2",
                "--train=x",
                "--pretrained=y",
                "--out=" + folder.resolve("none"));
        assertThat(both.exit()).isEqualTo(2);
        assertThat(both.err()).contains("--adapter goes on with the adapter as it is");
    }

    /** In a batch of both, each row gets what its adapter's own model says. */
    @Test
    void joinedAdaptersSayWhatTheirModelsSay() throws OrtException {
        Path joined = folder.resolve("joined");
        Cli join = Cli.run("adapter", "join", run.model("first"), run.model("second"), "--out", joined);
        assertThat(join.err()).isEmpty();
        assertThat(join.out()).contains("2 adapters of");
        long[] ids = {2, 5, 6, 8, 12, 3, 2, 5, 7, 11, 3, 0, 2, 5, 6, 9, 12, 3, 2, 5, 7, 10, 3, 0};
        long[] mask = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
        long[] adapters = {0, 1, 1, 0};
        Batch batch = Batch.of(4, 6, ids, mask, new long[24], new long[4], new int[4]);
        float[][] own = new float[2][];
        for (int model = 0; model < 2; model++) {
            try (TrainedModel merged = TrainedModel.open(run.model(model == 0 ? "first" : "second"), 1)) {
                own[model] = merged.outputs(batch).get("logits");
            }
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (Tensor tensor : weights(joined).all()) {
            inputs.put(tensor.name(), OnnxTensor.createTensor(environment, tensor.data(), tensor.shape()));
        }
        for (Map.Entry<String, long[]> input : Map.of(
                        "input_ids", ids, "attention_mask", mask, "token_type_ids", new long[24])
                .entrySet()) {
            LongBuffer values = LongBuffer.wrap(input.getValue());
            inputs.put(input.getKey(), OnnxTensor.createTensor(environment, values, new long[] {4, 6}));
        }
        inputs.put("adapter", OnnxTensor.createTensor(environment, LongBuffer.wrap(adapters), new long[] {4}));
        try (OrtSession session =
                        environment.createSession(joined.resolve("graph.onnx").toString());
                OrtSession.Result result = session.run(inputs)) {
            float[][] logits = (float[][]) result.get("logits").orElseThrow().getValue();
            for (int row = 0; row < 4; row++) {
                for (int label = 0; label < 2; label++) {
                    assertThat(logits[row][label]).isCloseTo(own[(int) adapters[row]][2 * row + label], within(1e-5f));
                }
            }
            assertThat(Math.abs(own[0][0] - own[1][0])).as("the two differ").isGreaterThan(1e-2f);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
        Cli none = Cli.run("adapter", "join", shared.resolve("tiny"), "--out", folder.resolve("none"));
        assertThat(none.err()).contains("has no adapter/").hasLineCount(1);
    }

    @Test
    void listShowsAdapters() throws IOException {
        Cli list = Cli.run("adapter", "list", run.folder().resolve("models"));
        assertThat(list.out())
                .contains(adapter("first") + ": rank 4, query,value, 2,146 parameters, of " + shared.resolve("tiny"))
                .hasLineCount(2);
        assertThat(Cli.run("adapter", "list", Files.createDirectory(folder.resolve("empty")))
                        .out())
                .contains("There is no adapter in");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--lora-rank=0 --lora | --lora-rank must be at least 1, not 0",
                "--lora-rank=4 | need --lora",
                "--lora --lora-targets=[ | nor a regular expression",
                "--lora --lora-targets=q | --lora-targets q names no linear layer; there are query, key, value, dense",
                "--freeze=layer.9 | --freeze layer.9 names no weight; \"ortune inspect\" shows their names",
                "--freeze=layer..1 | a part of it is empty",
                "--freeze=bert,classifier | leaves nothing to train",
                "--layer-lr-decay=1.5 | --layer-lr-decay must be above 0 and at most 1, not 1.5",
                "--head-lr=0 | --head-lr must be more than 0, not 0.0",
                "--lora-bias=some | must be none, all or lora_only, not 'some'",
            })
    void wrongOptionsAreNamed(String options, String message) {
        Cli wrong = Cli.run(Stream.concat(
                        Stream.of(
                                "train",
                                "--pretrained=" + shared.resolve("tiny"),
                                "--train=" + shared.resolve("train.tsv"),
                                "--out=" + folder.resolve("wrong")),
                        Stream.of(options.split(" ")))
                .toArray());
        assertThat(wrong.exit()).isNotZero();
        assertThat(wrong.err()).contains(message);
        assertThat(folder.resolve("wrong")).doesNotExist();
    }

    /** Weights of lower layers stay, those of higher ones learn, the head fastest. */
    @Test
    void frozenLayersStayAndHigherOnesLearnFaster() {
        Cli frozen = Cli.run(Stream.of(
                        "train",
                        "--pretrained=" + shared.resolve("tiny"),
                        "--train=" + shared.resolve("train.tsv"),
                        "--freeze=embeddings,encoder.layer.0-0",
                        "--head-lr=1e-2",
                        "--epochs=1",
                        "--out=" + folder.resolve("frozen"))
                .toArray());
        assertThat(frozen.err()).isEmpty();
        assertThat(frozen.out()).contains("frozen: embeddings, encoder.layer.0-0", "the head learns at 0.01");
        Weights after = weights(folder.resolve("frozen"));
        for (Tensor tensor : weights(shared.resolve("tiny")).all()) {
            boolean stays = tensor.name().matches(".*(embeddings|layer\\.0)\\..*");
            assertThat(tensor.data().equals(after.get(tensor.name()).data()))
                    .as(tensor.name())
                    .isEqualTo(stays);
        }
    }
}
