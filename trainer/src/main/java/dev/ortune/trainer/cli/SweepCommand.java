package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.output.ReportFiles;
import dev.ortune.trainer.report.run.Sweep;
import dev.ortune.trainer.report.run.SweepRuns;
import dev.ortune.trainer.sweep.LocalTrials;
import dev.ortune.trainer.sweep.SparkTrials;
import dev.ortune.trainer.sweep.SweepFile;
import dev.ortune.trainer.sweep.SweepLog;
import dev.ortune.trainer.sweep.SweepPlan;
import dev.ortune.trainer.sweep.SweepRun;
import dev.ortune.trainer.sweep.SweepText;
import dev.ortune.trainer.sweep.TrialRunner;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ortune sweep FILE.yaml}: many runs of {@code train}, and which of them is the best. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Try settings of \"ortune train\", each with several seeds, and compare them.",
        footer = {
            "",
            "FILE.yaml holds the options that all trials share, and what differs:",
            "",
            "  train:",
            "    pretrained: minilm-l6",
            "    train: my-data.tsv",
            "  grid:",
            "    learning-rate: [5e-5, 1e-4, 2e-4]",
            "  seeds: 5",
            "",
            "docs/SWEEPS.md has the rest: random search, successive halving, Spark."
        })
public final class SweepCommand implements Callable<Integer> {
    /** On a cluster: far more than run at a time would only wait in memory. */
    private static final int TOLD_AT_A_TIME = 64;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE.yaml", description = "What is to be tried.")
    private Path file;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the sweep and its trials (default: models/sweeps/ and the file's name).")
    private Path out;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "Seeds of each setting: that of the shared options, or 42, and those after it (default: as the"
                            + " file has it, or 1).")
    private Integer seeds;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description =
                    "Trials at a time, which share the cores (default: 1, on a cluster as many as it has room for).")
    private Integer parallel;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "Run trials as tasks of a Spark cluster: spark://…, yarn or k8s://… (default: as processes on this"
                            + " machine, without Spark).")
    private String master;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "A setting of Spark's; may be given several times.")
    private Map<String, String> conf = new LinkedHashMap<>();

    @Option(names = "--resume", description = "Go on with the sweep in the folder: what is complete stays.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Delete the sweep that is in the folder, its models included.")
    private boolean overwrite;

    @Override
    public Integer call() {
        if (resume && overwrite) {
            throw new ParameterException(spec.commandLine(), "--resume and --overwrite exclude each other");
        }
        if (parallel != null && parallel < 1) {
            throw new ParameterException(spec.commandLine(), "--parallel must be at least 1, not " + parallel);
        }
        SweepPlan plan = Usage.check(spec, this::plan);
        Path folder = Folders.shortened(
                out == null ? Folders.models().resolve("sweeps").resolve(stem()) : out);
        PrintWriter print = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Interruption interruption = new Interruption(err);
                TrialRunner runner = runner(plan)) {
            SweepLog log = new SweepLog(print, err, Boolean.getBoolean("ortune.terminal"));
            SweepRuns runs =
                    SweepRun.run(plan, new SweepRun.Where(folder, resume, overwrite), runner, log, interruption);
            print.println();
            SweepText.lines(runs).forEach(print::println);
            print.println("written: " + report(folder));
            print.flush();
            if (interruption.requested()) {
                err.println("ortune: interrupted; --resume goes on");
                err.flush();
                return interruption.exitCode();
            }
            long failed = runs.count(Sweep.State.FAILED);
            if (failed > 0) {
                throw new OrtuneException(failed + " of " + runs.runs().size() + " trials failed; " + folder
                        + " has their logs, --resume tries them again");
            }
            return 0;
        }
    }

    private SweepPlan plan() {
        SweepFile read = SweepFile.read(file);
        return SweepPlan.of(seeds == null ? read : read.withSeeds(seeds), new TrainParser(master != null));
    }

    private TrialRunner runner(SweepPlan plan) {
        Path launcher = Launcher.script("train");
        return master == null
                ? new LocalTrials(launcher, parallel == null ? 1 : parallel)
                : new SparkTrials(launcher, parallel == null ? TOLD_AT_A_TIME : parallel, taskCpus(plan), master, conf);
    }

    /** Cores of a task: as many as Spark is told, else as all trials are. */
    private int taskCpus(SweepPlan plan) {
        String told = conf.get("spark.task.cpus");
        return Usage.check(spec, () -> {
            try {
                return told == null ? plan.threads() : Integer.parseInt(told);
            } catch (NumberFormatException e) {
                throw new OrtuneException("--conf spark.task.cpus must be a number, not " + told, e);
            }
        });
    }

    private String stem() {
        String name = file.getFileName().toString();
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    /** Whatever hinders the report, a sweep must not fail for it. */
    private static String report(Path folder) {
        try {
            return ReportFiles.ofSweep(folder).written().get(0).toString();
        } catch (RuntimeException | LinkageError e) {
            return folder.resolve(Sweep.FILE) + ", but no report (" + e.getMessage() + "); \"ortune report " + folder
                    + "\" tries again";
        }
    }
}
