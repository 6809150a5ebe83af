package dev.ortune.server;

import dev.ortune.server.cli.Ortune;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code ortune serve}, as a user starts it: a process of its own. */
public final class ServeProcess implements AutoCloseable {
    /** The compiler that is soon done: such a JVM lives for seconds. */
    public static final String SOON_COMPILED = "-XX:TieredStopAtLevel=1";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();

    private ServeProcess(Process process) {
        this.process = process;
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        Thread thread = new Thread(() -> reader.lines().forEach(output::add), "output-of-" + process.pid());
        thread.setDaemon(true);
        thread.start();
    }

    /** With defaults but for the port. */
    public static ServeProcess start(Path model, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(model.toString(), "--port", "0"));
        all.addAll(List.of(arguments));
        return start(List.of(), Map.of(), all);
    }

    /**
     * Does not wait for anything.
     *
     * @param java options of the virtual machine
     * @param arguments after {@code serve}
     */
    public static ServeProcess start(List<String> java, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.exists(Path.of("/proc/self"))) {
            // What was started in the background of a script ignores these, and so would what it starts.
            command.addAll(List.of("env", "--default-signal=HUP,INT,TERM"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(SOON_COMPILED);
        command.addAll(java);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of(Ortune.class.getName(), "serve"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new ServeProcess(builder.start());
    }

    /** Standard output and standard error so far, a line each. */
    public List<String> output() {
        return output;
    }

    /** The first line of its output that is such; waited for. */
    public String await(Predicate<String> such) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            boolean ended = !process.isAlive();
            for (String line : output) {
                if (such.test(line)) {
                    return line;
                }
            }
            if (ended) {
                break;
            }
            sleep();
        }
        throw new AssertionError("no such line: " + output);
    }

    /** The address that it says it listens on, such as {@code http://127.0.0.1:8080}; waited for. */
    public String address() {
        String line = await(said -> said.startsWith("Listening on "));
        return line.substring("Listening on ".length(), line.indexOf(','));
    }

    public int port() {
        String address = address();
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    /** Sends a signal, such as TERM. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code; waited for. */
    public int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end: " + output);
        }
        return process.exitValue();
    }

    /** Bytes of it that are in memory. */
    public long residentBytes() {
        try (Stream<String> lines = Files.lines(proc("status"))) {
            String line =
                    lines.filter(said -> said.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has open: paths of files, and how many of sockets and the like. */
    public Map<String, Integer> open() {
        Map<String, Integer> open = new TreeMap<>();
        try (Stream<Path> descriptors = Files.list(proc("fd"))) {
            for (Path descriptor : descriptors.toList()) {
                open.merge(kind(descriptor), 1, Integer::sum);
            }
            return open;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String kind(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().replaceAll(":\\[\\d+]", "");
        } catch (IOException closedMeanwhile) {
            return "closed meanwhile";
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
