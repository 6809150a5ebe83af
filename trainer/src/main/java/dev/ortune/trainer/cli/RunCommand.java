package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.report.JsonProgress;
import dev.ortune.trainer.report.LiveProgress;
import dev.ortune.trainer.report.PlainProgress;
import dev.ortune.trainer.report.TrainingLog;
import dev.ortune.trainer.training.NotANumberException;
import dev.ortune.trainer.training.Run;
import dev.ortune.trainer.training.RunArguments;
import dev.ortune.trainer.training.RunFolder;
import dev.ortune.trainer.training.StopRequest;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that makes a model in a run which can be interrupted and taken up again. */
abstract class RunCommand implements Callable<Integer> {
    /** Options that say nothing of the run itself. */
    private static final Set<String> NOT_KEPT = Set.of("--resume", "--json", "--verbose", "--pause-after");

    /** Where help has options of all such commands: behind those of their own. */
    static final int AFTER_OTHERS = 100;

    private static final int LAST = 200;

    @Spec
    private CommandSpec spec;

    @Option(names = "--out", paramLabel = "DIR", description = "Folder of the new model.")
    private Path out;

    @Mixin
    private RunOptions run;

    @Option(
            names = "--overwrite",
            order = LAST,
            description = "Replace a model that is in --out already, once this one is done.")
    private boolean overwrite;

    @Option(names = "--json", order = LAST, description = "Tell everything as JSON lines on standard output.")
    private boolean json;

    /** The same command without options. */
    abstract RunCommand again();

    /** What the options ask for. */
    abstract Run run(RunArguments arguments);

    final CommandSpec spec() {
        return spec;
    }

    final Path out() {
        return out;
    }

    final boolean overwrites() {
        return overwrite;
    }

    @Override
    public final Integer call() {
        if (run.resume() == null) {
            return execute(false, GivenOptions.of(spec.commandLine().getParseResult(), NOT_KEPT));
        }
        Path folder = interrupted();
        if (RunFolder.isComplete(folder)) {
            RunFolder.tidy(folder);
            spec.commandLine().getOut().println(folder + " is complete; there is nothing to go on with");
            return 0;
        }
        List<String> command = new ArrayList<>(RunFolder.command(folder));
        command.addAll(GivenOptions.of(spec.commandLine().getParseResult(), NOT_KEPT));
        RunCommand whole = again();
        CommandLine line = Ortune.withChoices(new CommandLine(whole))
                .setOverwrittenOptionsAllowed(true)
                .setOut(spec.commandLine().getOut())
                .setErr(spec.commandLine().getErr());
        line.parseArgs(command.toArray(String[]::new));
        whole.json = json;
        whole.run.pauseAs(run);
        whole.out = folder;
        return whole.execute(true, command);
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

    private int execute(boolean resumes, List<String> command) {
        Supplier<RunArguments> kept = () -> run.arguments(resumes, command);
        try (Interruption interruption = new Interruption(spec.commandLine().getErr())) {
            try {
                // May fail already, since what it is about may be for the data to tell.
                run(Usage.check(spec, kept)).run(display(), interruption);
                return 0;
            } catch (StopRequest.Stopped e) {
                say("interrupted"
                        + howToGoOn("").orElse("; " + out + (Files.exists(out) ? " is as it was" : " was not made")));
                return interruption.exitCode();
            } catch (StopRequest.Paused e) {
                say("paused" + howToGoOn("").orElse(""));
                return 0;
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
        OptionalInt step = out == null ? OptionalInt.empty() : RunFolder.interruptedAt(out);
        return step.isEmpty()
                ? Optional.empty()
                : Optional.of("; \"ortune " + spec.name() + " --resume " + out + change + "\" goes on from step "
                        + step.getAsInt() + ", \"ortune report " + out + "\" shows how it went so far");
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
