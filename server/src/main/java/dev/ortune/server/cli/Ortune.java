package dev.ortune.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of this module; {@code main} alone ends the process. */
@Command(name = "ortune", mixinStandardHelpOptions = true)
public final class Ortune {
    private Ortune() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Ortune()).execute(args));
    }
}
