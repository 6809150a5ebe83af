package dev.ortune.trainer.cli;

import dev.ortune.trainer.JavaProcess;

/** The command line in a process of its own; its arguments are the lines of an environment variable. */
final class OrtuneProcess {
    static final String ARGUMENTS = "ORTUNE_TEST_ARGUMENTS";

    /** What a shell script has Java start. */
    static final String MAIN = JavaProcess.SOON_COMPILED + " " + OrtuneProcess.class.getName();

    private OrtuneProcess() {}

    public static void main(String[] args) {
        Ortune.main(System.getenv(ARGUMENTS).split("\n", -1));
    }
}
