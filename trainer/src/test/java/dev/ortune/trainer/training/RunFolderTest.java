package dev.ortune.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    @TempDir
    private Path parent;

    private Path target;

    @BeforeEach
    void name() {
        target = parent.resolve("models").resolve("x");
    }

    @Test
    void takesTheNameOnlyWhenPublished() throws IOException {
        try (RunFolder staged = RunFolder.begin(target, false)) {
            Files.writeString(staged.files().folder().resolve("training_args.json"), "new");
            assertThat(target).doesNotExist();
            staged.publish();
        }
        assertThat(siblings()).containsExactly("x");
        assertThat(target.toFile().list()).containsExactly("training_args.json");
    }

    @Test
    void goesAwayWhenNotPublished() throws IOException {
        try (RunFolder staged = RunFolder.begin(target, false)) {
            Files.createDirectories(staged.files().folder().resolve("training"));
            Files.writeString(staged.files().folder().resolve("training/checkpoint"), "half");
        }
        assertThat(siblings()).isEmpty();
    }

    @Test
    void replacesAModelOnlyWithOverwriteAndOnlyAtTheEnd() throws IOException {
        existing("training_args.json", "old");
        assertThatThrownBy(() -> RunFolder.begin(target, false))
                .isInstanceOf(OrtuneException.class)
                .hasMessage(target + ": exists already; --overwrite replaces it");
        try (RunFolder staged = RunFolder.begin(target, true)) {
            Files.writeString(staged.files().folder().resolve("training_args.json"), "new");
            assertThat(target.resolve("training_args.json")).hasContent("old");
            staged.publish();
        }
        assertThat(target.resolve("training_args.json")).hasContent("new");
        assertThat(siblings()).containsExactly("x");
    }

    @Test
    void aFailedRunLeavesTheOldModel() throws IOException {
        existing("training_args.json", "old");
        try (RunFolder staged = RunFolder.begin(target, true)) {
            Files.writeString(staged.files().folder().resolve("training_args.json"), "new");
        }
        assertThat(target.resolve("training_args.json")).hasContent("old");
    }

    @Test
    void whatIsNoModelIsNeverReplaced() throws IOException {
        existing("thesis.txt", "years of work");
        assertThatThrownBy(() -> RunFolder.begin(target, true))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("not a model that Ortune trained");
        assertThat(target.resolve("thesis.txt")).hasContent("years of work");
    }

    @Test
    void aNameTakenMeanwhileIsNotTakenOver() throws IOException {
        try (RunFolder staged = RunFolder.begin(target, false)) {
            existing("training_args.json", "somebody else's");
            assertThatThrownBy(staged::publish).hasMessageContaining("--overwrite");
        }
        assertThat(target.resolve("training_args.json")).hasContent("somebody else's");
    }

    @Test
    void anEmptyFolderMayBeTaken() throws IOException {
        Files.createDirectories(target);
        try (RunFolder staged = RunFolder.begin(target, false)) {
            Files.writeString(staged.files().folder().resolve("file"), "new");
            staged.publish();
        }
        assertThat(target.resolve("file")).hasContent("new");
    }

    @Test
    void twoRunsCannotHaveTheSameName() {
        try (RunFolder staged = RunFolder.begin(target, false)) {
            assertThat(staged.files().folder()).exists();
            assertThatThrownBy(() -> RunFolder.begin(target, false))
                    .isInstanceOf(OrtuneException.class)
                    .hasMessage(target + ": another process is training it");
        }
    }

    @Test
    void leftoversOfAKilledRunAreRemoved() throws IOException {
        Path left = target.resolveSibling(".x.training");
        Files.createDirectories(left);
        Files.writeString(left.resolve("model.safetensors"), "half");
        try (RunFolder staged = RunFolder.begin(target, false)) {
            staged.clear();
            assertThat(staged.files().folder().resolve("model.safetensors")).doesNotExist();
        }
    }

    @Test
    void anInterruptedRunStaysUntilTheNewOneIsReady() throws IOException {
        Path checkpoint = RunFolder.hidden(target).resolve("training/checkpoint-5/checkpoint");
        Files.createDirectories(checkpoint.getParent());
        Files.writeString(checkpoint, "hours of work");
        try (RunFolder staged = RunFolder.begin(target, true)) {
            assertThat(staged.files().folder()).exists();
        }
        assertThat(checkpoint).hasContent("hours of work");
        try (RunFolder staged = RunFolder.begin(target, true)) {
            staged.clear();
        }
        assertThat(siblings()).isEmpty();
    }

    @Test
    void onlyACompleteModelIsTidied() throws IOException {
        existing("training_args.json", "{}");
        Path left = Files.createDirectories(target.resolve("training/checkpoint-5"));
        Path interrupted = Files.createDirectories(RunFolder.hidden(target).resolve("training/checkpoint-7"));
        Files.writeString(RunFolder.hidden(target).resolve("training_args.json"), "{}");
        RunFolder.tidy(target);
        RunFolder.tidy(RunFolder.hidden(target));
        assertThat(left).as("a run over it may go on").exists();
        assertThat(interrupted).exists();
        Files.delete(RunFolder.hidden(target).resolve("training_args.json"));
        RunFolder.tidy(target);
        assertThat(left).doesNotExist();
        assertThat(target.resolve("training_args.json")).exists();
    }

    @Test
    void aFileIsInTheWay() throws IOException {
        Files.createDirectories(target.getParent());
        Files.writeString(target, "a file");
        assertThatThrownBy(() -> RunFolder.begin(target, true)).hasMessage(target + ": is a file, not a folder");
    }

    @Test
    void aParentThatIsAFileIsNamed() throws IOException {
        Files.writeString(parent.resolve("models"), "a file");
        assertThatThrownBy(() -> RunFolder.begin(target, false))
                .isInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(target + ": cannot be made (");
    }

    private void existing(String file, String content) throws IOException {
        Files.createDirectories(target);
        Files.writeString(target.resolve(file), content);
    }

    private Stream<String> siblings() throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            return files.map(path -> path.getFileName().toString()).toList().stream();
        }
    }
}
