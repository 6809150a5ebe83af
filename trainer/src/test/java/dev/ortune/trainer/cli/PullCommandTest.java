package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PullCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path models;

    @Test
    void whatIsThereAlreadyIsSaidWithExitZero() throws IOException {
        Path folder = Files.createDirectories(models.resolve("pretrained/bge-small"));
        Files.writeString(folder.resolve("model.onnx"), "onnx");
        assertThat(run("bge-small", "--models", models.toString())).isZero();
        assertThat(out.toString().strip())
                .isEqualTo("bge-small is already in " + folder + " (4 bytes); --force pulls it again");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aNameThatThereIsNotIsAUsageError() {
        assertThat(run("nothing")).isEqualTo(2);
        assertThat(err.toString()).startsWith("There is nothing called \"nothing\" to pull; there are minilm-l6");
    }

    @Test
    void aNameIsNeeded() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).startsWith("Missing required parameter: 'NAME'");
    }

    @Test
    void helpNamesTheZooAndTheEnvironment() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("minilm-l6", "hf:OWNER/REPO", "HF_TOKEN", "--force", "--models");
    }

    private int run(String... arguments) {
        return new CommandLine(new PullCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
