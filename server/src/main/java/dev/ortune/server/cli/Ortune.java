package dev.ortune.server.cli;

import dev.ortune.predictor.model.Preloading;
import dev.ortune.server.Version;
import dev.ortune.server.log.LogFormat;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The server's part of the command line: {@code ortune serve …} and {@code ortune predict …}. */
@Command(
        name = "ortune",
        mixinStandardHelpOptions = true,
        versionProvider = Ortune.ManifestVersion.class,
        subcommands = {ServeCommand.class, PredictCommand.class},
        description = "Serve exported models.")
public final class Ortune {
    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace when something fails.")
    private boolean verbose;

    /** Runs one command and ends the process with its exit code: 0, 1 (failed) or 2 (usage). */
    public static void main(String[] args) {
        tellWhatIsKnown();
        if (args.length > 1) {
            Preloading.begin();
        }
        System.exit(run(commandLine(), args));
    }

    /**
     * Answers questions that would make a start a tenth of a second longer. Jetty has Java set up all of JMX to ask how long its
     * references are, and goes through all the locales that Java knows: of them nothing here needs one but the root. JNA, by which
     * DJL looks for a GPU that its tokenizers do not use, asks ldconfig for its folders, which the system's linker knows anyway.
     */
    private static void tellWhatIsKnown() {
        setUnlessGiven("org.eclipse.jetty.util.referencesPerCacheLine", "16");
        setUnlessGiven("java.locale.providers", "SPI");
        setUnlessGiven("jna.platform.library.path", "");
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The whole command line, ready to run. */
    static CommandLine commandLine() {
        Failures failures = new Failures();
        return new CommandLine(new Ortune())
                .registerConverter(LogFormat.class, Choice.of(LogFormat.class))
                .registerConverter(ModelOptions.Precision.class, Choice.of(ModelOptions.Precision.class))
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
