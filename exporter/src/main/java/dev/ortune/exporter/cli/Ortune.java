package dev.ortune.exporter.cli;

import dev.ortune.exporter.Version;
import dev.ortune.exporter.export.Optimize;
import dev.ortune.exporter.export.Precision;
import dev.ortune.exporter.precision.ActivationScale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The exporter's part of the command line: {@code ortune export …}. */
@Command(
        name = "ortune",
        mixinStandardHelpOptions = true,
        versionProvider = Ortune.ManifestVersion.class,
        subcommands = ExportCommand.class,
        description = "Freeze fine-tuned models into ONNX files.")
public final class Ortune {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace when something fails.")
    private boolean verbose;

    /** Runs one command and ends the process with its exit code: 0, 1 (failed) or 2 (usage). */
    public static void main(String[] args) {
        System.exit(run(commandLine(), args));
    }

    /** The whole command line, ready to run. */
    static CommandLine commandLine() {
        Failures failures = new Failures();
        return new CommandLine(new Ortune())
                .registerConverter(Precision.class, Choice.of(Precision.class))
                .registerConverter(Optimize.class, Choice.of(Optimize.class))
                .registerConverter(ActivationScale.class, Choice.of(ActivationScale.class))
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

    static final class ManifestVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"ortune " + Version.ortune(), "Java " + Version.java()};
        }
    }
}
