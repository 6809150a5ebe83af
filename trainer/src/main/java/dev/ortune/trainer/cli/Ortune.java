package dev.ortune.trainer.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line's entry: {@code ortune COMMAND …}. */
@Command(
        name = "ortune",
        mixinStandardHelpOptions = true,
        subcommands = {PullCommand.class},
        description = "Fine-tune transformer text classifiers on the JVM with ONNX Runtime Training.")
public final class Ortune {
    /** Runs one command and ends the process with its exit code: 0, 1 (failed) or 2 (usage). */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Ortune()).execute(args));
    }
}
