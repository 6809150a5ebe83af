package dev.ortune.server.cli;

import dev.ortune.predictor.OrtuneException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line on standard error and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    static final int FAILED = 1;
    static final int USAGE = 2;

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("ortune: " + oneLine(e.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(e, err)) {
            err.println("\"" + command.getCommandSpec().qualifiedName() + " --help\" lists the options.");
        }
        err.flush();
        return USAGE;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        return report(e, command);
    }

    /** Prints the line, and the stack trace where it was asked for. */
    static int report(Throwable e, CommandLine command) {
        PrintWriter err = command.getErr();
        boolean verbose = isVerbose(command);
        err.println("ortune: " + message(e, verbose));
        if (verbose) {
            e.printStackTrace(err);
        }
        err.flush();
        return FAILED;
    }

    private static String message(Throwable e, boolean verbose) {
        if (e instanceof OrtuneException) {
            return oneLine(e.getMessage());
        }
        String hint = verbose ? "" : "; run it again with --verbose to see where";
        if (e instanceof OutOfMemoryError) {
            return "out of memory (" + oneLine(e.getMessage()) + "); ORTUNE_JAVA_OPTS=-Xmx8g gives Java more of it";
        }
        if (e instanceof StackOverflowError) {
            return "the stack overflowed; an input is nested too deeply" + hint;
        }
        if (e instanceof UnsatisfiedLinkError) {
            return "a native library does not load: " + oneLine(e.getMessage());
        }
        return "unexpected " + e.getClass().getSimpleName() + ": " + oneLine(e.getMessage()) + hint;
    }

    private static boolean isVerbose(CommandLine command) {
        CommandLine root = command;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root.getCommand() instanceof Ortune ortune && ortune.verbose();
    }

    static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
