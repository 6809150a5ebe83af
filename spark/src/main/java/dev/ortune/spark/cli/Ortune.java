package dev.ortune.spark.cli;

import dev.ortune.predictor.OrtuneException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the command line has of Spark: {@code ortune score …}. */
@Command(
        name = "ortune",
        mixinStandardHelpOptions = true,
        subcommands = {ScoreCommand.class, TasksCommand.class},
        description = "Answer many texts.")
public final class Ortune {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace when something fails.")
    private boolean verbose;

    /** Runs one command and ends the process with its exit code: 0, 1 (failed) or 2 (usage). */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command line, ready to run. */
    static CommandLine commandLine() {
        Ortune ortune = new Ortune();
        return new CommandLine(ortune)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, args) -> refused(e))
                .setExecutionExceptionHandler((e, command, result) -> ortune.failed(e, command.getErr()));
    }

    private static int refused(ParameterException e) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("ortune: " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("\"" + command.getCommandSpec().qualifiedName() + " --help\" lists the options.");
        }
        err.flush();
        return USAGE;
    }

    /** Spark wraps what a task has thrown, and what it says holds the whole of it. */
    private int failed(Exception e, PrintWriter err) {
        Throwable known = e;
        while (known != null && !(known instanceof OrtuneException)) {
            known = known.getCause();
        }
        String message = known == null
                ? "unexpected " + e.getClass().getSimpleName() + ": " + firstLine(e)
                        + (verbose ? "" : "; run it again with --verbose to see where")
                : known.getMessage();
        err.println("ortune: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        if (verbose) {
            e.printStackTrace(err);
        }
        err.flush();
        return FAILED;
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
