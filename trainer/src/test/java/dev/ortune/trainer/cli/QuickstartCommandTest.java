package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quickstart in a home of its own, where the other modules are {@link OtherModules}. */
class QuickstartCommandTest {
    @TempDir
    private Path home;

    private String before;

    @BeforeEach
    void moveHome() {
        before = System.setProperty("ortune.home", home.toString());
    }

    @AfterEach
    void moveBack() {
        if (before == null) {
            System.clearProperty("ortune.home");
        } else {
            System.setProperty("ortune.home", before);
        }
    }

    @Test
    void doesEverythingInOneGo() throws IOException {
        TinyModel.write(home.resolve("models/pretrained/minilm-l6"));
        OtherModules.install(home);
        Cli cli = Cli.run("quickstart", "--no-serve");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
        assertThat(cli.out())
                .containsSubsequence(
                        "$ ortune train --pretrained minilm-l6 --train builtin",
                        "$ ortune evaluate",
                        "$ ortune export",
                        "exported quickstart",
                        "$ ortune serve",
                        "starting",
                        "page at http://127.0.0.1:",
                        "we no go to the market .                 unacceptable (75.0 %)",
                        "we do not go to the market .             acceptable (75.0 %)",
                        "the boys near the house was tired .      unacceptable (75.0 %)",
                        "Stopping the server.");
        Path model = home.resolve("models/quickstart");
        assertThat(model.resolve("model.safetensors")).exists();
        assertThat(model.resolve("exported"))
                .content()
                .contains("quickstart --precision fp32,int8 --data ")
                .endsWith("predictions_test.tsv");
        assertThat(model.resolve("stopped")).exists();
        assertThat(Cli.run("evaluate", "quickstart", "--data", "builtin:validation")
                        .exit())
                .isZero();
    }

    @Test
    void servesTheFilesThatAnExportLeft() throws IOException {
        Cli cli = runWithFilesLeftOut("one");
        assertThat(cli.exit()).isZero();
        assertThat(cli.out())
                .containsSubsequence(
                        "$ ortune export",
                        "Not all files were exported; going on with those that were.",
                        "$ ortune serve",
                        "Stopping the server.");
    }

    @Test
    void endsWhereAnExportLeftNone() throws IOException {
        Cli cli = runWithFilesLeftOut("all");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.out()).contains("$ ortune export").doesNotContain("$ ortune serve");
    }

    private Cli runWithFilesLeftOut(String which) throws IOException {
        TinyModel.write(home.resolve("models/pretrained/minilm-l6"));
        OtherModules.install(home);
        Files.writeString(home.resolve("models/files-left-out"), which);
        return Cli.run("quickstart", "--no-serve");
    }

    @Test
    void endsWhereItsFirstStepFails() {
        Cli cli = Cli.run("quickstart");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.out()).contains("$ ortune pull minilm-l6").doesNotContain("$ ortune train");
        assertThat(cli.err()).startsWith("ortune: ");
    }

    @Test
    void aMissingLauncherIsNamed() throws IOException {
        TinyModel.write(home.resolve("models/pretrained/minilm-l6"));
        Cli cli = Cli.run("quickstart");
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err())
                .contains("\"ortune export\" needs Ortune's launcher, which is not there")
                .endsWith("ortune\n");
        assertThat(home.resolve("models/quickstart/model.safetensors")).exists();
    }
}
