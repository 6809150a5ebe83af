package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.JavaProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that are killed at random moments, again and again, until they end: three kills at least, and with {@code
 * -Pchaos} thirty. Now and then the newest checkpoint is cut off as well, as when the power goes.
 */
class KillAndResumeTest {
    private static final int KILLS = Boolean.getBoolean("ortune.chaos") ? 30 : 3;
    private static final int SIGKILL = 137;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("ortune.chaos.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int kills;
    private int cut;
    private int resumed;

    @Test
    void aKilledRunEndsAsIfNothingHadHappened() throws IOException, InterruptedException {
        System.out.println("kill and resume: -Dortune.chaos.seed=" + seed);
        TinyRun run = TinyRun.in(folder, "--epochs=40", "--save-steps=20", "--eval-steps=30", "--json");
        long began = System.nanoTime();
        assertThat(run.start("whole").await().exit()).isZero();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        int models = 0;
        while (kills < KILLS) {
            String name = "run" + models++;
            trainAgainstKills(run, name, millis);
            run.assertSame(name, "whole");
        }
        System.out.printf(
                "kill and resume: %d kills of %d runs, %d of them resumed from a checkpoint, %d checkpoints cut off,"
                        + " 0 runs lost%n",
                kills, models, resumed, cut);
        assertThat(resumed).as("a test that never resumes shows nothing").isPositive();
    }

    private void trainAgainstKills(TinyRun run, String name, long millis) throws IOException, InterruptedException {
        JavaProcess process = run.start(name);
        while (!ends(process, random.nextLong(millis))) {
            kills++;
            boolean begun = Files.exists(run.hidden(name).resolve("training_args.json"));
            boolean there = Files.exists(run.model(name));
            if (begun) {
                cutNewestCheckpoint(run.hidden(name).resolve("training"));
            }
            process = begun || there ? run.resume(name, "--json") : run.start(name);
        }
    }

    /** Whether a process ends by itself within a time; if not, it is killed. */
    private boolean ends(JavaProcess process, long millis) throws IOException, InterruptedException {
        StringBuilder output = new StringBuilder();
        Thread reader = new Thread(() -> process.process().inputReader().lines().forEach(output::append));
        reader.start();
        if (!process.process().waitFor(millis, TimeUnit.MILLISECONDS)) {
            process.process().toHandle().destroyForcibly();
        }
        int exit = process.process().waitFor();
        reader.join();
        assertThat(exit).as(output.toString()).isIn(0, SIGKILL);
        resumed += output.indexOf("Going on from step") >= 0 ? 1 : 0;
        return exit == 0;
    }

    private void cutNewestCheckpoint(Path training) throws IOException {
        if (random.nextInt(4) > 0 || !Files.isDirectory(training)) {
            return;
        }
        List<Path> checkpoints;
        try (var files = Files.list(training)) {
            checkpoints = files.filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
                    .sorted((a, b) -> a.toString().length() == b.toString().length()
                            ? a.compareTo(b)
                            : a.toString().length() - b.toString().length())
                    .toList();
        }
        if (checkpoints.size() > 1) {
            Path newest = checkpoints.get(checkpoints.size() - 1).resolve("checkpoint");
            try (RandomAccessFile file = new RandomAccessFile(newest.toFile(), "rw")) {
                file.setLength(random.nextLong(file.length()));
            }
            cut++;
        }
    }
}
