package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Training runs of a tiny model as processes, to be done harm to.
 *
 * @param folder of everything
 * @param options of the run
 */
record TinyRun(Path folder, List<String> options) {
    private static final List<String> RESULTS = List.of(
            "config.json",
            "graph.onnx",
            "model.safetensors",
            "predictions_validation.tsv",
            "predictions_test.tsv",
            "training/checkpoint",
            "training/trainer_state.json");

    /** Writes the pretrained model and the data. */
    static TinyRun in(Path folder, String... options) throws IOException {
        TinyModel.write(folder.resolve("tiny"));
        TinyModel.sentences(folder.resolve("train.tsv"), 120);
        TinyModel.sentences(folder.resolve("test.tsv"), 50);
        return new TinyRun(folder, List.of(options));
    }

    Path model(String name) {
        return folder.resolve("models").resolve(name);
    }

    Path hidden(String name) {
        return folder.resolve("models").resolve("." + name + ".training");
    }

    /** The command line that trains a model of that name. */
    List<String> command(String name, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "train",
                "--pretrained=" + folder.resolve("tiny"),
                "--train=" + folder.resolve("train.tsv"),
                "--test=" + folder.resolve("test.tsv"),
                "--out=" + model(name),
                "--batch-size=8",
                "--lr=3e-3",
                "--threads=1"));
        command.addAll(options);
        for (String option : more) {
            command.removeIf(earlier -> earlier.startsWith(option.replaceFirst("=.*", "=")));
            command.add(option);
        }
        return command;
    }

    /** Runs it here. */
    Cli train(String name, String... more) {
        return Cli.run(command(name, more).toArray());
    }

    /** Runs it in a process of its own. */
    JavaProcess start(String name, String... more) throws IOException {
        return start(command(name, more));
    }

    JavaProcess resume(String name, String... more) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("train", "--resume", model(name).toString()));
        command.addAll(List.of(more));
        return start(command);
    }

    private static JavaProcess start(List<String> command) throws IOException {
        return JavaProcess.start(OrtuneProcess.class, Map.of(OrtuneProcess.ARGUMENTS, String.join("\n", command)));
    }

    /** Fails unless two models are the same to the bit, loss curve and metrics included. */
    void assertSame(String name, String expected) throws IOException {
        for (String file : RESULTS) {
            assertThat(model(name).resolve(file))
                    .as(file)
                    .hasSameBinaryContentAs(model(expected).resolve(file));
        }
        assertThat(untimed(name)).isEqualTo(untimed(expected));
        assertThat(model(name).resolve("training").toFile().list())
                .containsExactlyInAnyOrder(
                        model(expected).resolve("training").toFile().list());
    }

    /** The lines of metrics.jsonl, the last one without its two times. */
    private List<String> untimed(String name) throws IOException {
        return Files.readAllLines(model(name).resolve("metrics.jsonl")).stream()
                .map(line -> line.replaceAll("\"train_(runtime|samples_per_second)\":[^,}]*", ""))
                .toList();
    }
}
