package dev.ortune.trainer.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** POSIX sh, for what only a shell can do to a process: limits, mounts in a name space of its own. */
final class Shell {
    private static final int MINUTES = 3;

    private Shell() {}

    /** What a script left. */
    record Result(int exit, String output) {}

    /** Whether a script of its own mounts can run here: it takes Linux, and user name spaces or root. */
    static boolean canMount() throws IOException, InterruptedException {
        try {
            return run(List.of("unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"), Map.of()).exit
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** Runs a script; {@code "$java" …} in it starts Ortune. */
    static Result run(String script, Map<String, String> environment) throws IOException, InterruptedException {
        return run(List.of("sh", "-c", script), environment);
    }

    /** The same where it may mount what nobody else sees. */
    static Result runWithMounts(String script, Map<String, String> environment)
            throws IOException, InterruptedException {
        return run(List.of("unshare", "-rm", "sh", "-c", script), environment);
    }

    private static Result run(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        builder.environment().put("java", java);
        builder.environment().put("CLASSPATH", classPath);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("still running after " + MINUTES + " minutes: " + output);
        }
        return new Result(process.exitValue(), output);
    }
}
