package dev.ortune.trainer.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

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
        CommandLine commandLine =
                Ortune.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] strings = new String[args.length];
        for (int i = 0; i < args.length; i++) {
            strings[i] = args[i].toString();
        }
        int exit = Ortune.run(commandLine, strings);
        return new Cli(exit, out.toString(), err.toString());
    }
}
