package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of numbers and of several labels a text that go on after a kill are the same to the bit, thresholds included. */
class ResumeOtherTasksTest {
    @TempDir
    private Path folder;

    @Test
    void aRunOfNumbersGoesOn() throws IOException, InterruptedException {
        TinyRun run = TinyRun.in(folder, "--epochs=3", "--eval-steps=7", "--save-steps=5", "--json");
        assertGoesOn(
                run,
                "--train=" + TinyData.scores(folder.resolve("train.tsv"), 120),
                "--test=" + TinyData.scores(folder.resolve("test.tsv"), 30));
    }

    @Test
    void aRunOfSeveralLabelsATextGoesOn() throws IOException, InterruptedException {
        TinyRun run = TinyRun.in(folder, "--epochs=3", "--eval-steps=7", "--save-steps=5", "--json");
        assertGoesOn(
                run,
                "--train=" + TinyData.labelSets(folder.resolve("train.jsonl"), 120),
                "--test=" + TinyData.labelSets(folder.resolve("test.jsonl"), 30));
        assertThat(run.model("whole").resolve("config.json")).content().contains("\"thresholds\"");
    }

    @Test
    void aRunOfChoicesGoesOn() throws IOException, InterruptedException {
        TinyRun run = TinyRun.in(folder, "--epochs=3", "--eval-steps=7", "--save-steps=5", "--json");
        assertGoesOn(
                run,
                "--train=" + TinyData.choices(folder.resolve("train.csv"), 120, 1),
                "--test=" + TinyData.choices(folder.resolve("test.csv"), 30, 2));
    }

    @Test
    void aRunThatWritesTextsGoesOn() throws IOException, InterruptedException {
        TinyRun run = TinyRun.in(
                folder,
                "--epochs=3",
                "--eval-steps=7",
                "--save-steps=5",
                "--task=text2text",
                "--targets=free",
                "--json");
        TextToTextRunTest.t5(folder.resolve("tiny"));
        assertGoesOn(
                run,
                "--train=" + TinyData.texts(folder.resolve("train.csv"), 120, 1),
                "--test=" + TinyData.texts(folder.resolve("test.csv"), 30, 2));
    }

    /** The factors of updates have moments of their own, and the best of them are in a file of their own until the end. */
    @Test
    void aRunOfLowRankUpdatesGoesOn() throws IOException, InterruptedException {
        TinyRun run = TinyRun.in(
                folder,
                "--epochs=3",
                "--eval-steps=7",
                "--save-steps=5",
                "--lora",
                "--lora-dropout=0.1",
                "--layer-lr-decay=0.9",
                "--json");
        assertGoesOn(run, "--train=" + folder.resolve("train.tsv"), "--test=" + folder.resolve("test.tsv"));
        assertThat(run.model("killed").resolve("adapter/adapter_model.safetensors"))
                .hasSameBinaryContentAs(run.model("whole").resolve("adapter/adapter_model.safetensors"));
    }

    private static void assertGoesOn(TinyRun run, String... sets) throws IOException, InterruptedException {
        Cli whole = run.train("whole", sets);
        assertThat(whole.err()).isEmpty();
        assertThat(whole.exit()).isZero();
        JavaProcess child = run.start("killed", sets);
        child.waitFor("\"step\":13,");
        child.process().toHandle().destroyForcibly();
        child.await();
        assertThat(run.model("killed")).doesNotExist();
        Cli resumed = Cli.run("train", "--resume", run.model("killed"));
        assertThat(resumed.err()).isEmpty();
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out()).containsPattern("Going on from step (5|10|15)");
        run.assertSame("killed", "whole");
    }
}
