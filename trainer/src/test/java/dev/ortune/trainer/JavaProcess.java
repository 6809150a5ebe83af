package dev.ortune.trainer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A second JVM with this one's class path. */
public record JavaProcess(Process process) {
    /** What a finished process left. */
    public record Result(int exit, String output) {}

    /** The compiler that is soon done: such a JVM lives for seconds. */
    public static final String SOON_COMPILED = "-XX:TieredStopAtLevel=1";

    public static JavaProcess start(Class<?> main, Map<String, String> environment) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(java, SOON_COMPILED, "-cp", classPath, main.getName());
        builder.environment().putAll(environment);
        return new JavaProcess(builder.redirectErrorStream(true).start());
    }

    /** Writes a program that starts a class with this class path, as the launcher starts a jar. */
    public static void writeLauncher(Path file, Class<?> main) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String command =
                String.join(" ", "'" + java + "'", SOON_COMPILED, "-cp", "'" + classPath + "'", main.getName());
        Files.writeString(file, "#!/bin/sh\nexec " + command + " \"$@\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Reads its output up to a line that contains {@code text}; fails when the process ends without one. */
    public void waitFor(String text) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = process.getInputStream().read();
                next >= 0;
                next = process.getInputStream().read()) {
            line.append((char) next);
            if (next == '\n' && line.indexOf(text) >= 0) {
                return;
            }
        }
        throw new IOException("no line with " + text + " in " + line);
    }

    /** Waits for at most two minutes. */
    public Result await() throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("still running after two minutes: " + output);
        }
        return new Result(process.exitValue(), output);
    }
}
