package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ortune.trainer.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on machines that give way under them: one clear line each, and what was there before is still there. */
class TrainFailuresTest {
    @TempDir
    private static Path folder;

    private static TinyRun run;

    @BeforeAll
    static void trainUndisturbed() throws IOException {
        run = TinyRun.in(folder, "--epochs=40", "--save-steps=20", "--json");
        assertThat(run.train("whole").exit()).isZero();
    }

    private static Map<String, String> arguments(String name, String... more) {
        return Map.of(
                OrtuneProcess.ARGUMENTS, String.join("\n", run.command(name, more)), "models", folder + "/models");
    }

    private static void assumeMounts() throws IOException, InterruptedException {
        assumeTrue(Shell.canMount(), "skipped: a file system of one's own cannot be mounted here");
    }

    /** The disk fills up after the first checkpoint; once there is room again, the run goes on to the same end. */
    @Test
    void aFullDisk() throws IOException, InterruptedException {
        assumeMounts();
        Path kept = Files.createDirectories(folder.resolve("kept"));
        Shell.Result result = Shell.runWithMounts(
                """
                mkdir -p "$kept/../disk" && cd "$kept/.." && mount -t tmpfs -o size=16m none disk || exit 99
                "$java" $main & pid=$!
                until ls disk/.x.training/training/checkpoint-* >/dev/null 2>&1; do sleep 0.05; kill -0 $pid || exit 98; done
                kill -STOP $pid; dd if=/dev/zero of=disk/filler bs=4k 2>/dev/null; kill -CONT $pid
                wait $pid; echo "exit $?"
                rm disk/filler
                export ORTUNE_TEST_ARGUMENTS="train
                --resume
                $kept/../disk/x"
                "$java" $main && cp -r disk/x "$kept/x"
                """,
                Map.of(
                        OrtuneProcess.ARGUMENTS,
                        String.join("\n", run.command("x", "--out=" + folder.resolve("kept/../disk/x"))),
                        "main",
                        OrtuneProcess.MAIN,
                        "kept",
                        kept.toString()));
        assertThat(result.output())
                .contains("exit 1")
                .containsPattern(
                        "ortune: .*No space left on device.*; \"ortune train --resume .*\" goes on from step \\d+");
        assertThat(result.exit()).as(result.output()).isZero();
        Files.move(kept.resolve("x"), run.model("full"));
        run.assertSame("full", "whole");
    }

    @Test
    void aFolderThatIsReadOnly() throws IOException, InterruptedException {
        assumeMounts();
        Shell.Result result = Shell.runWithMounts(
                "mkdir -p \"$disk\" && mount -t tmpfs -o ro none \"$disk\" && exec \"$java\" " + OrtuneProcess.MAIN,
                Map.of(
                        OrtuneProcess.ARGUMENTS,
                        String.join("\n", run.command("x", "--out=" + folder.resolve("readonly/x"))),
                        "disk",
                        folder.resolve("readonly").toString()));
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.output())
                .isEqualTo("ortune: " + folder.resolve("readonly/x") + ": cannot be made (Read-only file system)\n");
    }

    /** Weights fit into the limit, a checkpoint with the optimizer's moments does not. */
    @Test
    void aLimitOnTheSizeOfFiles() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/bin/sh")), "skipped: there is no sh");
        Shell.Result result = Shell.run("ulimit -f 400; exec \"$java\" " + OrtuneProcess.MAIN, arguments("limited"));
        assertThat(result.exit()).as(result.output()).isEqualTo(1);
        assertThat(result.output().lines().filter(line -> line.startsWith("ortune: ")))
                .singleElement()
                .asString()
                .contains("checkpoint");
        assertThat(run.model("limited")).doesNotExist();
        assertThat(run.hidden("limited")).doesNotExist();
    }

    @Test
    void javasHeap() throws IOException, InterruptedException {
        Path many = TinyModel.sentences(folder.resolve("many.tsv"), 400_000);
        byte[] before = Files.readAllBytes(run.model("whole").resolve("model.safetensors"));
        JavaProcess.Result result = JavaProcess.start(
                        OrtuneProcess.class,
                        Map.of(
                                OrtuneProcess.ARGUMENTS,
                                String.join("\n", run.command("whole", "--overwrite", "--train=" + many)),
                                "JDK_JAVA_OPTIONS",
                                "-Xmx40m"))
                .await();
        assertThat(result.exit()).as(result.output()).isEqualTo(1);
        assertThat(result.output().lines().filter(line -> line.startsWith("ortune: ")))
                .singleElement()
                .asString()
                .startsWith("ortune: out of memory (")
                .contains("ORTUNE_JAVA_OPTS=-Xmx8g");
        assertThat(run.model("whole").resolve("model.safetensors")).hasBinaryContent(before);
        assertThat(run.hidden("whole")).doesNotExist();
    }

    /** Memory that ONNX Runtime takes, beside Java's heap: a limit on the address space stands in for its end. */
    @Test
    void nativeMemory() throws IOException, InterruptedException {
        String limited = "ulimit -v 2200000 && export MALLOC_ARENA_MAX=2 JDK_JAVA_OPTIONS='-Xmx64m -XX:+UseSerialGC"
                + " -XX:CompressedClassSpaceSize=32m -XX:ReservedCodeCacheSize=32m' && exec \"$java\" ";
        assumeTrue(
                Files.exists(Path.of("/bin/sh"))
                        && Shell.run(limited + "-version", Map.of()).exit() == 0,
                "skipped: Java does not start within a limit on its address space here");
        Path many = TinyModel.sentences(folder.resolve("long.tsv"), 4_500);
        Shell.Result result = Shell.run(
                limited + OrtuneProcess.MAIN,
                arguments("native", "--train=" + many, "--batch-size=4000", "--pad-to-max"));
        assertThat(result.exit()).as(result.output()).isEqualTo(1);
        assertThat(result.output().lines().filter(line -> !line.startsWith("{")))
                .filteredOn(line -> !line.startsWith("NOTE: Picked up JDK_JAVA_OPTIONS"))
                .singleElement()
                .asString()
                .matches("ortune: Memory ran out on a batch of 4000 x 128 tokens; \\d+ fit: try --batch-size \\d+ .*");
        assertThat(run.hidden("native")).doesNotExist();
    }

    @Test
    void twoRunsOfOneName() throws IOException, InterruptedException {
        JavaProcess first = run.start("two");
        first.waitFor("\"step\":3,");
        Cli second = run.train("two");
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.err()).isEqualTo("ortune: " + run.model("two") + ": another process is training it\n");
        Cli resumed = Cli.run("train", "--resume", run.model("two"));
        assertThat(resumed.exit()).isEqualTo(1);
        assertThat(resumed.err()).contains("another process is training it");
        assertThat(first.await().exit()).isZero();
        run.assertSame("two", "whole");
    }
}
