package dev.ortune.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.JavaProcess;
import dev.ortune.trainer.report.Metric;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.report.run.TrialRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps of a tiny model, each of whose trials is a process of its own. */
@Timeout(300)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "trials are started by the launcher, which is a shell script")
class SweepCommandTest {
    @TempDir
    private Path folder;

    private String before;
    private TinyRun run;

    /** A launcher that runs this class path, as the real one runs the jar. */
    @BeforeEach
    void moveHome() throws IOException {
        before = System.setProperty("ortune.home", folder.toString());
        run = TinyRun.in(folder);
        JavaProcess.writeLauncher(folder.resolve("ortune"), Ortune.class);
    }

    @AfterEach
    void moveBack() {
        if (before == null) {
            System.clearProperty("ortune.home");
        } else {
            System.setProperty("ortune.home", before);
        }
    }

    private Path yaml(String more) throws IOException {
        return Files.writeString(
                folder.resolve("rates.yaml"),
                """
                train:
                  pretrained: %s
                  train: %s
                  test: %s
                  batch-size: 8
                  threads: 1
                """.formatted(folder.resolve("tiny"), folder.resolve("train.tsv"), folder.resolve("test.tsv")) + more);
    }

    private static Sweep.Trial trial(SweepRuns sweep, String name) {
        return sweep.sweep().trials().stream()
                .filter(trial -> trial.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGridIsTriedComparedAndNotTriedAgain() throws IOException {
        Path file = yaml("  epochs: 2\ngrid:\n  lr: [1e-6, 3e-3]\nseeds: 2\n");
        Path out = folder.resolve("models/sweeps/rates");
        Cli first = Cli.run("sweep", file, "--parallel=2");
        assertThat(first.err()).isEmpty();
        assertThat(first.exit()).isZero();
        assertThat(first.out())
                .contains("4 trials of 2 settings, 2 at a time")
                .containsPattern("learning-rate=3e-3,seed=43  MCC \\d\\.\\d{4}  \\d+ s")
                .containsPattern("learning-rate +seeds +MCC, validation +MCC, test +time\n3e-3 +2 +")
                .contains("best  learning-rate=3e-3\n")
                .containsPattern("MCC \\d\\.\\d{4} ± \\d+\\.\\d{4} on the validation set, .* \\(95 %, 2 seeds\\)\n")
                .contains("report.html");
        SweepRuns sweep = SweepRuns.read(out);
        assertThat(sweep.count(Sweep.State.COMPLETE)).isEqualTo(4);
        // An ordinary run: the same as alone.
        assertThat(run.train("alone", "--epochs=2", "--seed=43", "--validation-split=0.1")
                        .exit())
                .isZero();
        assertThat(out.resolve("trials/learning-rate=3e-3,seed=43/model.safetensors"))
                .hasSameBinaryContentAs(run.model("alone").resolve("model.safetensors"));
        assertThat(Files.readAllLines(out.resolve("sweep.csv")))
                .hasSize(5)
                .startsWith("trial,learning-rate,seed,state,epoch,validation_mcc,test_mcc,seconds");
        Document page = Jsoup.parse(out.resolve("report.html"));
        assertThat(page.select("#settings tbody tr")).hasSize(2);
        assertThat(page.select("#settings tbody tr td").get(1).text()).isEqualTo("3e-3");
        assertThat(page.select("svg.settings [role=listitem]")).hasSize(2);
        assertThat(page.select("#trials a")).hasSize(4).allMatch(link -> Files.exists(out.resolve(link.attr("href"))));

        assertThat(Cli.run("sweep", file).err()).contains("--resume goes on with it, --overwrite begins anew");
        Cli again = Cli.run("sweep", file, "--resume");
        assertThat(again.exit()).isZero();
        assertThat(again.out()).contains("4 of them complete already").contains("best  learning-rate=3e-3");
        Cli changed = Cli.run("sweep", yaml("  epochs: 3\ngrid:\n  lr: [1e-6, 3e-3]\nseeds: 2\n"), "--resume");
        assertThat(changed.exit()).isEqualTo(1);
        assertThat(changed.err()).contains("was begun with --epochs=2 and is now to have --epochs=3");
        assertThat(Cli.run("report", out).out()).contains("report.html");
    }

    @Test
    void aTrialThatFailsIsToldOfAndEndsNothing() throws IOException {
        // The first needs more positions than the model has, which is known once it is read.
        Path file = yaml("  epochs: 1\n  lr: 3e-3\ngrid:\n  max-length: [500, 16]\n");
        Cli cli = Cli.run("sweep", file, "--out", folder.resolve("s"));
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains("1 of 2 trials failed; ").hasLineCount(1);
        assertThat(cli.out()).contains("max-length=500,seed=42  failed: ortune: --max-length 500 is more than the 128");
        SweepRuns sweep = SweepRuns.read(folder.resolve("s"));
        assertThat(trial(sweep, "max-length=500,seed=42").lastLines().toString())
                .contains("128 positions");
        assertThat(trial(sweep, "max-length=16,seed=42").state()).isEqualTo(Sweep.State.COMPLETE);
        assertThat(Jsoup.parse(folder.resolve("s/report.html"))
                        .select("#failed ~ pre")
                        .first()
                        .text())
                .contains("128 positions");
        assertThat(Cli.run("sweep", folder.resolve("none.yaml")).exit()).isEqualTo(2);
    }

    @Test
    void theBetterHalfGoesOnAsIfItHadNeverStopped() throws IOException {
        Path file = yaml("""
                  epochs: 4
                grid:
                  learning-rate: [1e-7, 3e-3, 1e-6]
                successive-halving:
                  eta: 3
                  rungs: [1]
                """);
        Path out = folder.resolve("halved");
        Cli cli = Cli.run("sweep", file, "--out", out, "--parallel=3");
        assertThat(cli.exit()).as(cli.err() + cli.out()).isZero();
        assertThat(cli.out()).contains("After 1 epoch 1 of 3 settings goes on", "1 left");
        SweepRuns sweep = SweepRuns.read(out);
        assertThat(sweep.count(Sweep.State.LEFT)).isEqualTo(2);
        assertThat(sweep.runs()).extracting(TrialRun::measuredEpoch).containsExactlyInAnyOrder(1.0, 1.0, 4.0);
        TrialRun best = sweep.runs().stream()
                .filter(each -> each.trial().state() == Sweep.State.COMPLETE)
                .findFirst()
                .orElseThrow();
        assertThat(best.test(Metric.MCC)).isFinite();
        String rate = best.trial().setting().get("learning-rate");
        assertThat(run.train("whole", "--epochs=4", "--lr=" + rate).exit()).isZero();
        assertThat(out.resolve("trials").resolve(best.trial().name()).resolve("model.safetensors"))
                .hasSameBinaryContentAs(run.model("whole").resolve("model.safetensors"));
    }

    /** SIGKILL of a trial, then of the sweep: the trial that it leaves saves its work and ends, and all goes on. */
    @Test
    void whatIsKilledGoesOn() throws Exception {
        Path file = yaml("  epochs: 24\n  lr: 3e-3\n  save-steps: 5\nseeds: 2\n");
        Path out = folder.resolve("killed");
        JavaProcess sweep = sweep(file, out);
        ProcessHandle trial = trialOf(sweep);
        waitForCheckpoint(out, "seed=42");
        trial.destroyForcibly();
        sweep.waitFor("was killed (exit code 137); going on with it");
        ProcessHandle second = trialOf(sweep);
        waitFor(() -> Files.readString(out.resolve("trials/seed=42.log")).contains("Going on from step "));
        sweep.process().toHandle().destroyForcibly();
        sweep.await();
        second.onExit().get();
        Cli resumed = Cli.run("sweep", file, "--out", out, "--resume");
        assertThat(resumed.exit()).as(resumed.err() + resumed.out()).isZero();
        assertThat(SweepRuns.read(out).count(Sweep.State.COMPLETE)).isEqualTo(2);
        assertThat(run.train("whole", "--epochs=24", "--save-steps=5").exit()).isZero();
        assertThat(out.resolve("trials/seed=42/model.safetensors"))
                .hasSameBinaryContentAs(run.model("whole").resolve("model.safetensors"));
    }

    @Test
    void aSignalEndsItsTrialsWithACheckpoint() throws Exception {
        Path file = yaml("  epochs: 500\n  lr: 3e-3\n  save-steps: 5\n");
        Path out = folder.resolve("stopped");
        JavaProcess sweep = sweep(file, out);
        waitForCheckpoint(out, "seed=42");
        sweep.process().toHandle().destroy();
        JavaProcess.Result ended = sweep.await();
        assertThat(ended.exit()).as(ended.output()).isEqualTo(143);
        assertThat(ended.output()).contains("ortune: interrupted; --resume goes on");
        assertThat(Files.readString(out.resolve("trials/seed=42.log"))).contains("goes on from step ");
        assertThat(SweepRuns.read(out).count(Sweep.State.WAITING)).isEqualTo(1);
    }

    private JavaProcess sweep(Path file, Path out) throws IOException {
        List<String> command = new ArrayList<>(List.of("sweep", file.toString(), "--out", out.toString()));
        return JavaProcess.start(
                SweepProcess.class,
                Map.of(OrtuneProcess.ARGUMENTS, String.join("\n", command), SweepProcess.HOME, folder.toString()));
    }

    /** The command line in a process of its own, at a home of its own. */
    static final class SweepProcess {
        static final String HOME = "ORTUNE_TEST_HOME";

        private SweepProcess() {}

        public static void main(String[] arguments) {
            System.setProperty("ortune.home", System.getenv(HOME));
            OrtuneProcess.main(arguments);
        }
    }

    private static ProcessHandle trialOf(JavaProcess sweep) throws Exception {
        List<ProcessHandle> children = new ArrayList<>();
        waitFor(() -> {
            children.clear();
            sweep.process().toHandle().children().forEach(children::add);
            return !children.isEmpty();
        });
        return children.get(0);
    }

    private static void waitForCheckpoint(Path out, String trial) throws Exception {
        Path training = out.resolve("trials/." + trial + ".training/training");
        waitFor(() -> {
            try (var files = Files.isDirectory(training) ? Files.list(training) : java.util.stream.Stream.<Path>of()) {
                return files.anyMatch(file -> file.getFileName().toString().startsWith("checkpoint-"));
            }
        });
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void waitFor(Condition condition) throws Exception {
        while (!condition.holds()) {
            Thread.sleep(20);
        }
    }
}
