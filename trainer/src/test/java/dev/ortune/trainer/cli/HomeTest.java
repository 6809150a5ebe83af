package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What depends on where the launcher is. */
class HomeTest {
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
    void namesAreLookedUpUnderModels() throws IOException {
        Path pretrained = Files.createDirectories(home.resolve("models/pretrained/small"));
        Path tuned = Files.createDirectories(home.resolve("models/tuned"));
        assertThat(Folders.pretrained("small")).isEqualTo(pretrained);
        assertThat(Folders.model("tuned")).isEqualTo(tuned);
        assertThat(Folders.any("small")).isEqualTo(pretrained);
        assertThat(Folders.any("tuned")).isEqualTo(tuned);
    }

    @Test
    void aNameOfBothIsThePretrainedOne() throws IOException {
        Path pretrained = Files.createDirectories(home.resolve("models/pretrained/both"));
        Files.createDirectories(home.resolve("models/both"));
        assertThat(Folders.any("both")).isEqualTo(pretrained);
    }

    @Test
    void pathsAreTakenFromHomeToo() throws IOException {
        Path tuned = Files.createDirectories(home.resolve("models/tuned"));
        assertThat(Folders.model("models/tuned")).isEqualTo(tuned);
        assertThat(Folders.any("models/tuned")).isEqualTo(tuned);
        assertThat(Folders.model(tuned.toString())).isEqualTo(tuned);
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThatThrownBy(() -> Folders.pretrained("none"))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("\"ortune pull none\" brings it");
        assertThatThrownBy(() -> Folders.any("none")).hasMessageContaining("ortune pull none");
        assertThatThrownBy(() -> Folders.pretrained("no/ne")).hasMessage("no/ne: there is no such folder");
        assertThatThrownBy(() -> Folders.model("none")).hasMessage("none: there is no such model folder");
    }
}
