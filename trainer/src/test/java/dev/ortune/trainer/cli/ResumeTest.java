package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.JavaProcess;
import dev.ortune.trainer.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that are interrupted, and go on as if they had not been. */
class ResumeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] OPTIONS = {"--epochs=8", "--save-steps=5", "--eval-steps=9", "--json"};

    @TempDir
    private static Path shared;

    private static TinyRun whole;

    @TempDir
    private Path folder;

    private TinyRun run;

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        whole = TinyRun.in(shared, OPTIONS);
        assertThat(whole.train("whole").exit()).isZero();
    }

    /** The same data under the same names, so that the runs may differ in nothing. */
    @BeforeEach
    void copyTheRun() {
        run = new TinyRun(shared, List.of(OPTIONS));
    }

    /** SIGTERM goes the way of Ctrl-C, but arrives even where a shell made its children deaf to that. */
    @Test
    void aSignalSavesTheStepAndTheRunGoesOn() throws IOException, InterruptedException {
        JavaProcess child = run.start("signal");
        child.waitFor("\"step\":13,");
        child.process().toHandle().destroy();
        JavaProcess.Result result = child.await();
        assertThat(result.exit()).isEqualTo(143);
        assertThat(result.output())
                .contains("ortune: interrupted; \"ortune train --resume " + run.model("signal")
                        + "\" goes on from step ");
        assertThat(run.model("signal")).doesNotExist();

        Cli refused = run.train("signal");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .contains(run.model("signal") + ": a run of this name was interrupted and can go on from step ")
                .contains("with --resume; --overwrite begins anew")
                .hasLineCount(1);

        Cli resumed = Cli.run("train", "--resume", run.model("signal"));
        assertThat(resumed.err()).isEmpty();
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out()).contains("Going on from step ");
        run.assertSame("signal", "whole");
        Cli again = Cli.run("train", "--resume", run.model("signal"));
        assertThat(again.exit()).isZero();
        assertThat(again.out()).contains("is complete; there is nothing to go on with");
    }

    /** Shells let background processes ignore these two, which env undoes. */
    @ParameterizedTest
    @CsvSource({"INT,130", "HUP,129"})
    void ctrlCAndALostTerminalDoTheSame(String signal, int exit) throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(Path.of("/bin/sh"))
                        && Shell.run("env --default-signal=" + signal + " true", Map.of())
                                        .exit()
                                == 0,
                "skipped: there is no sh, or its env cannot reset signals");
        Shell.Result result = Shell.run(
                """
                env --default-signal=$signal "$java" $main >"$log" 2>&1 & pid=$!
                until grep -q '"step":13,' "$log"; do sleep 0.05; kill -0 $pid || exit 98; done
                kill -$signal $pid; wait $pid; exit=$?; cat "$log"; exit $exit
                """,
                Map.of(
                        "signal",
                        signal,
                        "main",
                        OrtuneProcess.MAIN,
                        "log",
                        folder.resolve("log").toString(),
                        OrtuneProcess.ARGUMENTS,
                        String.join("\n", run.command(signal))));
        assertThat(result.exit()).as(result.output()).isEqualTo(exit);
        assertThat(result.output()).contains("\"ortune train --resume " + run.model(signal) + "\" goes on from step ");
        assertThat(Cli.run("train", "--resume", run.model(signal)).exit()).isZero();
        run.assertSame(signal, "whole");
    }

    /** With the live line, for which a library would take the signals; script makes the terminal. */
    @Test
    void ctrlCOnATerminalDoesTheSame() throws IOException, InterruptedException {
        assumeTrue(
                Files.exists(Path.of("/bin/sh"))
                        && Shell.run("env --default-signal=INT script -qec true /dev/null </dev/null", Map.of())
                                        .exit()
                                == 0,
                "skipped: there is no script program, or no env, as on Linux");
        TinyRun live = new TinyRun(shared, List.of("--epochs=8", "--save-steps=5", "--eval-steps=9"));
        Shell.Result result = Shell.run(
                """
                mkfifo "$keys"
                env --default-signal=INT script -qefc '"$java" -Dortune.terminal=true $main' "$log" <"$keys" >/dev/null & pid=$!
                exec 3>"$keys"
                until grep -q '[0-9]/112 ' "$log"; do sleep 0.05; kill -0 $pid || exit 98; done
                printf '\\003' >&3; wait $pid; exit=$?; cat "$log"; exit $exit
                """,
                Map.of(
                        "keys",
                        folder.resolve("keys").toString(),
                        "main",
                        OrtuneProcess.MAIN,
                        "log",
                        folder.resolve("log").toString(),
                        OrtuneProcess.ARGUMENTS,
                        String.join("\n", live.command("terminal"))));
        assertThat(result.exit()).as(result.output()).isEqualTo(130);
        assertThat(result.output())
                .contains("ortune: finishing the step")
                .contains("\"ortune train --resume " + run.model("terminal") + "\" goes on from step ");
        assertThat(Cli.run("train", "--resume", run.model("terminal")).exit()).isZero();
        run.assertSame("terminal", "whole");
    }

    /** A step of hundreds of padded sentences takes long enough for a second signal. */
    @Test
    void aSecondSignalEndsItAtOnce() throws IOException, InterruptedException {
        TinyRun slow = TinyRun.in(folder, "--epochs=2", "--pad-to-max", "--json");
        TinyModel.sentences(folder.resolve("train.tsv"), 10_000);
        JavaProcess child = slow.start("twice", "--batch-size=400", "--gradient-accumulation-steps=3");
        child.waitFor("\"step\":1,");
        child.process().toHandle().destroy();
        child.waitFor("ortune: finishing the step");
        // Two at once are one.
        Thread.sleep(700);
        child.process().toHandle().destroy();
        JavaProcess.Result result = child.await();
        assertThat(result.exit()).isEqualTo(143);
        assertThat(result.output()).doesNotContain("ortune: interrupted");
    }

    @Test
    void aRunThatWasInterruptedBeforeItsFirstStepWasNotMade() throws IOException, InterruptedException {
        JavaProcess child = run.start("early");
        child.waitFor("\"train_samples\"");
        child.process().toHandle().destroy();
        JavaProcess.Result result = child.await();
        assertThat(result.exit()).isEqualTo(143);
        if (!Files.exists(run.hidden("early"))) {
            assertThat(result.output()).contains("ortune: interrupted; " + run.model("early") + " was not made");
        }
    }

    @Test
    void aKilledRunGoesOnAndABrokenCheckpointIsPassedOver() throws IOException, InterruptedException {
        kill("broken", 31);
        List<Path> checkpoints = checkpoints("broken");
        assertThat(checkpoints).as("the last two").hasSize(2);
        Path newest = checkpoints.get(1);
        try (RandomAccessFile file =
                new RandomAccessFile(newest.resolve("checkpoint").toFile(), "rw")) {
            file.seek(file.length() / 2);
            int value = file.read();
            file.seek(file.length() / 2);
            file.write(value ^ 1);
        }
        Cli resumed = Cli.run("train", "--resume", run.model("broken"));
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out())
                .contains("checkpoint-30 is broken (its files have changed) and passed over")
                .contains("Going on from step 25");
        run.assertSame("broken", "whole");
    }

    /** As after evaluations past the checkpoint that looked better then and do not again, which a GPU may bring about. */
    @Test
    void theBestWeightsAreThoseOfTheCheckpoint() throws IOException, InterruptedException {
        // So steep that the loss, which decides between equal scores, is least long before the end.
        String[] steep = {"--lr=1e-2", "--schedule=constant"};
        assertThat(run.train("steep", steep).exit()).isZero();
        int best = JSON.readTree(run.model("steep")
                        .resolve("training/trainer_state.json")
                        .toFile())
                .get("best_step")
                .asInt();
        kill("best", best + 11, steep);
        Path weights = run.hidden("best").resolve("model.safetensors");
        Files.delete(weights);
        Files.writeString(weights, "of a later step");
        assertThat(Cli.run("train", "--resume", run.model("best")).exit()).isZero();
        run.assertSame("best", "steep");
    }

    /** After an epoch, and after a share whose last step nobody would evaluate otherwise. */
    @ParameterizedTest
    @CsvSource({"3,3.0", "10%,0.857"})
    void aRunThatIsPausedIsOneRun(String after, double epoch) throws IOException {
        TinyRun plain = new TinyRun(shared, List.of("--epochs=8"));
        String name = "paused" + after.replace("%", "");
        Cli paused = plain.train(name, "--pause-after=" + after);
        assertThat(paused.exit()).as(paused.err()).isZero();
        assertThat(paused.err())
                .startsWith("ortune: paused; \"ortune train --resume ")
                .hasLineCount(1);
        assertThat(run.model(name)).doesNotExist();
        List<String> lines = Files.readAllLines(run.hidden(name).resolve("metrics.jsonl"));
        JsonNode last = JSON.readTree(lines.get(lines.size() - 1));
        assertThat(last.has("eval_loss")).isTrue();
        assertThat(last.path("epoch").asDouble()).isCloseTo(epoch, within(0.001));
        Cli still = Cli.run("train", "--resume", run.model(name), "--pause-after=" + after);
        assertThat(still.err()).startsWith("ortune: paused; ");
        assertThat(Cli.run("train", "--resume", run.model(name)).exit()).isZero();
        if (after.equals("3")) {
            assertThat(plain.train("unpaused").exit()).isZero();
            run.assertSame(name, "unpaused");
        }
        assertThat(plain.train(name + "x", "--pause-after=0").exit()).isEqualTo(2);
        assertThat(plain.train(name + "x", "--pause-after=101%").err()).contains("at most 100 %");
    }

    @Test
    void aCheckpointThatWasBegunOnlyDoesNotCount() throws IOException, InterruptedException {
        kill("begun", 12);
        Path begun = run.hidden("begun").resolve("training/.checkpoint.tmp");
        Files.createDirectories(begun);
        Files.writeString(begun.resolve("checkpoint"), "half");
        Files.writeString(run.hidden("begun").resolve(".model.safetensors.1.tmp"), "half");
        Files.delete(checkpoints("begun").get(1).resolve("SHA256SUMS"));
        Cli resumed = Cli.run("train", "--resume", run.model("begun"));
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out()).contains("checkpoint-10 is broken (").contains("Going on from step 5");
        run.assertSame("begun", "whole");
        try (var files = Files.list(run.model("begun"))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void resumeMayRepeatTheCommandButNotChangeIt() throws IOException, InterruptedException {
        kill("changed", 12);
        Cli changed = run.train("changed", "--resume", "--warmup-ratio=0.2");
        assertThat(changed.exit()).isEqualTo(1);
        assertThat(changed.err())
                .contains("the interrupted run cannot go on, as warmup_ratio was 0.1 and is now 0.2")
                .hasLineCount(1);
        Cli repeated = run.train("changed", "--resume", "--log-every=1");
        assertThat(repeated.exit()).isZero();
        run.assertSame("changed", "whole");
    }

    @Test
    void dataThatChangedMeanwhileIsRefused() throws IOException, InterruptedException {
        run = TinyRun.in(folder, OPTIONS);
        kill("data", 12);
        Files.writeString(
                folder.resolve("train.tsv"), Files.readString(folder.resolve("train.tsv")) + "the dog .\t0\n");
        Cli resumed = Cli.run("train", "--resume", run.model("data"));
        assertThat(resumed.exit()).isEqualTo(1);
        assertThat(resumed.err()).contains("as data/train/sha256 was");
        assertThat(checkpoints("data")).as("what was there stays").isNotEmpty();
    }

    @Test
    void aPretrainedModelThatChangedMeanwhileIsRefused() throws IOException, InterruptedException {
        run = TinyRun.in(folder, OPTIONS);
        kill("model", 12);
        Path weights = folder.resolve("tiny/model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 2] ^= 1;
        Files.write(weights, bytes);
        Cli resumed = Cli.run("train", "--resume", run.model("model"));
        assertThat(resumed.exit()).isEqualTo(1);
        assertThat(resumed.err())
                .contains("the interrupted run cannot go on, as pretrained_sha256 was")
                .contains("and is now \"" + Sha256.of(weights) + "\"")
                .hasLineCount(1);
    }

    @Test
    void aRunFromAnArchiveGoesOnToo() throws IOException, InterruptedException {
        String archive = "--pretrained=" + TinyModel.archive(shared.resolve("tiny"), folder.resolve("tiny.zip"));
        kill("archive", 12, archive);
        Cli resumed = Cli.run("train", "--resume", run.model("archive"));
        assertThat(resumed.exit()).as(resumed.err()).isZero();
        assertThat(resumed.out()).contains("Going on from step ");
        run.assertSame("archive", "whole");
    }

    @Test
    void withoutACheckpointItBeginsAtTheStart() throws IOException, InterruptedException {
        JavaProcess child = run.start("start", "--save-steps=1000");
        child.waitFor("\"step\":3,");
        child.process().toHandle().destroyForcibly();
        child.await();
        Cli resumed = Cli.run("train", "--resume", run.model("start"));
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out()).contains("There is no checkpoint to go on from");
        run.assertSame("start", "whole");
    }

    @Test
    void aNewRunThatFailsToBeginForgetsNothing() throws IOException, InterruptedException {
        kill("kept", 12);
        for (String mistake : List.of("--train=nothing.tsv", "--pretrained=" + folder, "--class-weights=1,2,3")) {
            Cli failed = run.train("kept", "--overwrite", mistake);
            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.err()).contains("\" goes on from step 10").hasLineCount(1);
        }
        assertThat(Cli.run("train", "--resume", run.model("kept")).exit()).isZero();
        run.assertSame("kept", "whole");
    }

    /** What a process leaves that is killed between the model's rename and their removal. */
    @Test
    void checkpointsInACompleteModelAreTidiedAway() throws IOException {
        Path left = Files.createDirectories(run.model("whole").resolve("training/checkpoint-110"));
        Files.writeString(left.resolve("checkpoint"), "left");
        assertThat(Cli.run("report", run.model("whole")).exit()).isZero();
        Cli resumed = Cli.run("train", "--resume", run.model("whole"));
        assertThat(resumed.exit()).isZero();
        assertThat(resumed.out()).contains("is complete");
        assertThat(left).doesNotExist();
    }

    @Test
    void overwriteForgetsAnInterruptedRun() throws IOException, InterruptedException {
        kill("anew", 12);
        assertThat(run.train("anew", "--overwrite").exit()).isZero();
        run.assertSame("anew", "whole");
    }

    @Test
    void whatCannotBeResumedIsSaid() {
        Cli nothing = Cli.run("train", "--resume", run.model("nothing"));
        assertThat(nothing.exit()).isEqualTo(1);
        assertThat(nothing.err()).contains(run.model("nothing") + ": there is no interrupted run to resume");
        assertThat(Cli.run("train", "--resume").exit()).isEqualTo(2);
        assertThat(Cli.run("train", "--resume", "a", "--out", "b").exit()).isEqualTo(2);
        assertThat(Cli.run("train", "--out", "b").err())
                .contains("Missing required options: '--pretrained=NAME|DIR', '--train");
    }

    /** Starts a run and kills it as soon as it has told of a step. */
    private void kill(String name, int step, String... options) throws IOException, InterruptedException {
        JavaProcess child = run.start(name, options);
        child.waitFor("\"step\":" + step + ",");
        child.process().toHandle().destroyForcibly();
        assertThat(child.await().exit()).isEqualTo(137);
        assertThat(run.model(name)).doesNotExist();
    }

    private List<Path> checkpoints(String name) throws IOException {
        try (var files = Files.list(run.hidden(name).resolve("training"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
                    .sorted((a, b) -> Integer.compare(step(a), step(b)))
                    .toList();
        }
    }

    private static int step(Path checkpoint) {
        return Integer.parseInt(checkpoint.getFileName().toString().substring("checkpoint-".length()));
    }
}
