package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.JsonProgress;
import dev.ortune.trainer.report.LiveProgress;
import dev.ortune.trainer.report.PlainProgress;
import dev.ortune.trainer.report.TrainingLog;
import dev.ortune.trainer.training.DataArguments;
import dev.ortune.trainer.training.Execution;
import dev.ortune.trainer.training.FineTuning;
import dev.ortune.trainer.training.NotANumberException;
import dev.ortune.trainer.training.RunArguments;
import dev.ortune.trainer.training.RunFolder;
import dev.ortune.trainer.training.StopRequest;
import dev.ortune.trainer.training.TrainingArguments;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ortune train}: from a pretrained model and a data file to a fine-tuned model. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Fine-tune a pretrained model on a data set.",
        footer = {
            "",
            "Example:",
            "  ortune train --pretrained minilm-l6 --train models/data/cola/in_domain_train.tsv \\",
            "    --test models/data/cola/out_of_domain_dev.tsv --out models/cola-minilm",
            "  ortune train --resume models/cola-minilm"
        })
public final class TrainCommand implements Callable<Integer> {
    /** Options that say nothing of the run itself. */
    private static final Set<String> NOT_KEPT = Set.of("--resume", "--json", "--verbose");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--pretrained",
            paramLabel = "NAME|DIR",
            description = "The model to start from: what \"ortune pull\" brought, or any folder.")
    private String pretrained;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of the new model.")
    private Path out;

    @Mixin
    private DataOptions data;

    @Mixin
    private TrainingOptions training;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private RunOptions run;

    @Option(names = "--overwrite", description = "Replace a model that is in --out already, once this one is done.")
    private boolean overwrite;

    @Option(names = "--json", description = "Tell everything as JSON lines on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        if (run.resume() == null) {
            return run(
                    () -> fineTuning(false, GivenOptions.of(spec.commandLine().getParseResult(), NOT_KEPT)));
        }
        Path folder = interrupted();
        if (RunFolder.isComplete(folder)) {
            RunFolder.tidy(folder);
            spec.commandLine().getOut().println(folder + " is complete; there is nothing to go on with");
            return 0;
        }
        List<String> command = new ArrayList<>(RunFolder.command(folder));
        command.addAll(GivenOptions.of(spec.commandLine().getParseResult(), NOT_KEPT));
        TrainCommand whole = new TrainCommand();
        CommandLine line = Ortune.withChoices(new CommandLine(whole))
                .setOverwrittenOptionsAllowed(true)
                .setOut(spec.commandLine().getOut())
                .setErr(spec.commandLine().getErr());
        line.parseArgs(command.toArray(String[]::new));
        whole.json = json;
        whole.out = folder;
        return whole.run(() -> whole.fineTuning(true, command));
    }

    /** The folder of the run that is to go on. */
    private Path interrupted() {
        Path named = run.resume().toString().isEmpty() ? out : run.resume();
        if (named == null) {
            throw new ParameterException(spec.commandLine(), "--resume needs the model's folder, or --out");
        }
        if (out != null && !out.equals(named)) {
            throw new ParameterException(
                    spec.commandLine(), "--resume " + named + " goes on there, not in --out " + out);
        }
        return named;
    }

    private FineTuning fineTuning(boolean resumes, List<String> command) {
        if (data.knowsFiles()) {
            Usage.require(spec, "--pretrained", "--out");
        } else {
            Usage.require(spec, "--pretrained", "--train", "--out");
        }
        DataArguments sets = Usage.check(spec, data::arguments);
        Usage.check(spec, () -> training.arguments(Execution.ON_CPU, data.metric(), () -> Integer.MAX_VALUE));
        TrainingArguments arguments = training.arguments(device.execution(spec), data.metric(), sets::usualLength);
        RunArguments runArguments = Usage.check(spec, () -> run.arguments(resumes, command));
        Path folder = Folders.pretrained(pretrained);
        return Usage.check(spec, () -> new FineTuning(folder, sets, arguments, runArguments, out, overwrite));
    }

    /** @param fineTuning may fail already, since which task it is may be for the data to tell */
    private int run(Supplier<FineTuning> fineTuning) {
        try (Interruption interruption = new Interruption(spec.commandLine().getErr())) {
            try {
                fineTuning.get().run(display(), interruption);
                return 0;
            } catch (StopRequest.Stopped e) {
                say("interrupted"
                        + howToGoOn("").orElse("; " + out + (Files.exists(out) ? " is as it was" : " was not made")));
                return interruption.exitCode();
            } catch (OrtuneException e) {
                String change = e instanceof NotANumberException ? " --on-nan skip" : "";
                throw new OrtuneException(e.getMessage() + howToGoOn(change).orElse(""), e);
            } catch (OutOfMemoryError e) {
                howToGoOn("").ifPresent(how -> say("failed" + how));
                throw e;
            }
        }
    }

    private void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("ortune: " + line);
        err.flush();
    }

    /**
     * A sentence on how to take the run up again; nothing where no checkpoint was written.
     *
     * @param change options without which it would end at the same step again
     */
    private Optional<String> howToGoOn(String change) {
        OptionalInt step = RunFolder.interruptedAt(out);
        return step.isEmpty()
                ? Optional.empty()
                : Optional.of("; \"ortune train --resume " + out + change + "\" goes on from step " + step.getAsInt()
                        + ", \"ortune report " + out + "\" shows how it went so far");
    }

    /** JSON where asked for; a live line where the launcher found a terminal; else plain lines. */
    private TrainingLog display() {
        PrintWriter writer = spec.commandLine().getOut();
        if (json) {
            return new JsonProgress(writer);
        }
        return Boolean.getBoolean("ortune.terminal")
                ? new LiveProgress(writer)
                : new PlainProgress(writer, PlainProgress.INTERVAL, run.logEvery());
    }
}
