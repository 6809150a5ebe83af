package dev.ortune.trainer.cli;

import dev.ortune.trainer.Version;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line's entry: {@code ortune COMMAND …}. */
@Command(
        name = "ortune",
        mixinStandardHelpOptions = true,
        versionProvider = Ortune.ManifestVersion.class,
        subcommands = {
            QuickstartCommand.class,
            PullCommand.class,
            InspectCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            ArtifactsCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        description = "Fine-tune transformer text classifiers on the JVM with ONNX Runtime Training.",
        footer = {"", "\"ortune COMMAND --help\" tells more. Options can also stand in a file: ortune COMMAND @FILE"})
public final class Ortune implements Runnable {
    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace when something fails.")
    private boolean verbose;

    /** Runs one command and ends the process with its exit code: 0, 1 (failed), 2 (usage) or 130 (interrupted). */
    public static void main(String[] args) {
        System.exit(run(commandLine(), args));
    }

    /** The whole command line, ready to run. */
    static CommandLine commandLine() {
        Failures failures = new Failures();
        return new CommandLine(new Ortune())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
    }

    /** Runs a command; errors of the virtual machine, which picocli lets through, end in one line too. */
    static int run(CommandLine commandLine, String... args) {
        try {
            return commandLine.execute(args);
        } catch (Throwable e) {
            return Failures.report(e, commandLine);
        }
    }

    boolean verbose() {
        return verbose;
    }

    /** Without a command: what there is. */
    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        spec.commandLine().usage(out);
        out.flush();
    }

    static final class ManifestVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ortune " + Version.ortune(), "Java " + Version.java()};
        }
    }
}
