package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.pretrained.PretrainedModel;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in which one word makes the loss no number. */
class NanTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "bert.embeddings.word_embeddings.weight";
    private static final int HIDDEN = 32;
    private static final int NOT = 14;

    @TempDir
    private Path folder;

    /** So many sentences in all, of which some have the word; validation takes a tenth away. */
    private TinyRun run(int count, int poisoned) throws IOException {
        TinyRun run = TinyRun.in(folder, "--epochs=2", "--save-steps=200");
        Path model = folder.resolve("tiny");
        List<Tensor> tensors = new ArrayList<>();
        for (Tensor tensor : PretrainedModel.load(model).weights().all()) {
            FloatBuffer copy = FloatBuffer.allocate((int) tensor.elements());
            copy.put(tensor.data()).rewind();
            if (tensor.name().equals(TABLE)) {
                copy.put(NOT * HIDDEN, Float.POSITIVE_INFINITY);
            }
            tensors.add(new Tensor(tensor.name(), tensor.shape(), copy));
        }
        Files.delete(model.resolve("model.safetensors"));
        Safetensors.write(model.resolve("model.safetensors"), tensors, Map.of());
        List<String> lines =
                new ArrayList<>(Files.readAllLines(TinyModel.sentences(folder.resolve("train.tsv"), count)));
        for (int i = 1; i <= poisoned; i++) {
            lines.set(i * 7, lines.get(i * 7).replace("the", "not"));
        }
        Files.write(folder.resolve("train.tsv"), lines);
        TinyModel.sentences(folder.resolve("validation.tsv"), 20);
        return run;
    }

    private Cli train(TinyRun run, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        options.add("--validation=" + folder.resolve("validation.tsv"));
        return run.train("x", options.toArray(String[]::new));
    }

    @Test
    void theRunStopsAndSaysWhereAndHowToGoOn() throws IOException {
        TinyRun run = run(200, 1);
        Cli cli = train(run);
        assertThat(cli.exit()).isEqualTo(1);
        int stopped = Integer.parseInt(cli.err().replaceAll("(?s).* at step (\\d+) \\(lines.*", "$1")) - 1;
        assertThat(cli.err())
                .hasLineCount(1)
                .matches("(?s)ortune: The (loss|gradient's norm) is NaN at step " + (stopped + 1)
                        + " \\(lines (\\d+, )*8(, \\d+)* of "
                        + ".*train.tsv\\);"
                        + " try a lower --learning-rate with --overwrite, or --on-nan skip"
                        + "; \"ortune train --resume .* --on-nan skip\" goes on from step " + stopped
                        + ", \"ortune report .*\" shows how it went so far\\R");
        assertThat(run.model("x")).doesNotExist();

        Cli resumed = Cli.run("train", "--resume", run.model("x"), "--on-nan=skip");
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out())
                .contains("Going on from step " + stopped)
                .containsPattern("The (loss|gradient's norm) is NaN at step \\d+ \\(lines .*\\), which is skipped");
        assertThat(train(run, "--on-nan=skip", "--out=" + run.model("y")).exit())
                .isZero();
        run.assertSame("x", "y");
        assertThat(JSON.readTree(run.model("x").resolve("training_args.json").toFile())
                        .get("on_nan")
                        .asText())
                .isEqualTo("skip");
    }

    @Test
    void skippedStepsAreLeftOutAndCounted() throws IOException {
        Cli cli = train(run(200, 2), "--on-nan=skip");
        assertThat(cli.exit()).isZero();
        JsonNode last = null;
        int skipped = 0;
        for (String line : Files.readAllLines(folder.resolve("models/x/metrics.jsonl"))) {
            last = JSON.readTree(line);
            skipped += last.has("skipped") ? 1 : 0;
            assertThat(line).doesNotContain("NaN");
        }
        assertThat(skipped).isBetween(2, 4);
        assertThat(last.get("skipped_steps").asInt()).isEqualTo(skipped);
        assertThat(cli.out()).contains("skipped   " + skipped + " steps whose loss or gradient was no number");
        assertThat(last.get("test_accuracy").asDouble()).as("it still learns").isGreaterThan(0.5);
    }

    @Test
    void aRunThatSkipsEveryStepIsNoModel() throws IOException {
        TinyRun run = run(8, 0);
        Path train = folder.resolve("train.tsv");
        Files.writeString(train, Files.readString(train).replace("the ", "not "));
        Cli cli = train(run, "--on-nan=skip");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).startsWith("ortune: Nothing was learnt: ");
        assertThat(run.model("x")).doesNotExist();
    }

    @Test
    void tooManyInARowStopItAllTheSame() throws IOException {
        TinyRun run = run(200, 0);
        Path train = folder.resolve("train.tsv");
        Files.writeString(train, Files.readString(train).replace("the ", "not "));
        Cli cli = train(run, "--on-nan=skip");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err())
                .contains("at step 11 (lines ")
                .contains("), as at the 10 before it, which were skipped")
                .hasLineCount(1);
    }
}
