package dev.ortune.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/**
 * What a command ended with.
 *
 * @param exit its exit code
 * @param out standard output
 * @param err standard error
 */
record Cli(int exit, String out, String err) {
    /** Runs a command in this process. */
    static Cli run(Object... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        var commandLine = Ortune.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = Ortune.run(
                commandLine, Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Cli(exit, out.toString(), err.toString());
    }
}
