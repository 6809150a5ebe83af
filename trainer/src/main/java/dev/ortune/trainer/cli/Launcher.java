package dev.ortune.trainer.cli;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands of the other modules, run as programs of their own through {@code ./ortune}: the modules share no code. What
 * they print on standard error, progress included, goes where this program's does.
 */
final class Launcher {
    private Launcher() {}

    /** Starts a command; its standard output is the caller's to read. */
    static Process start(List<String> command) {
        Path script = script(command.get(0));
        List<String> line = new ArrayList<>(List.of(script.toString()));
        line.addAll(command);
        try {
            return new ProcessBuilder(line)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new OrtuneException(Folders.shortened(script) + ": cannot be run (" + e.getMessage() + ")", e);
        }
    }

    /** In the root of the sources, or in bin/ of an archive. */
    static Path script(String command) {
        Path script = Folders.home().resolve("ortune").toAbsolutePath();
        Path installed = Folders.home().resolve("bin").resolve("ortune").toAbsolutePath();
        if (Files.isRegularFile(script)) {
            return script;
        }
        if (Files.isRegularFile(installed)) {
            return installed;
        }
        throw new OrtuneException(
                "\"ortune " + command + "\" needs Ortune's launcher, which is not there: " + Folders.shortened(script));
    }

    /** Passes on what a command prints, line by line, until it closes its standard output. */
    static void copyOutput(Process process, PrintWriter out) {
        process.inputReader(StandardCharsets.UTF_8).lines().forEach(line -> {
            out.println(line);
            out.flush();
        });
    }

    /** Waits for a command's end; the exit code. */
    static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new OrtuneException("interrupted while another program ran", e);
        }
    }
}
