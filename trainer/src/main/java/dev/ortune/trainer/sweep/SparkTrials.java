package dev.ortune.trainer.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Trials as tasks of a Spark cluster, whose machines see Ortune, the data and the sweep's folder under the same names as this one. Spark
 * is in a program of its own, {@code ortune tasks}, which is told of trials and tells of their ends in JSON lines.
 */
public final class SparkTrials implements TrialRunner {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int KILLED = 137;
    private static final long END_SECONDS = 90;

    private final Path launcher;
    private final int slots;
    private final int threads;
    private final List<String> command = new ArrayList<>();
    private final Map<String, CompletableFuture<Ended>> running = new ConcurrentHashMap<>();
    private Process spark;
    private volatile boolean stopped;

    /**
     * Starts nothing yet.
     *
     * @param launcher that starts Ortune, here and on the cluster
     * @param slots trials that Spark is told of at a time
     * @param threads cores of a task
     * @param master of the cluster
     * @param conf further settings of Spark's
     */
    public SparkTrials(Path launcher, int slots, int threads, String master, Map<String, String> conf) {
        this.launcher = launcher;
        this.slots = slots;
        this.threads = threads;
        command.addAll(List.of(launcher.toString(), "tasks", "--master", master));
        command.addAll(List.of("--conf", "spark.task.cpus=" + threads));
        conf.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    }

    /** Spark's program, which the first trial starts. */
    private synchronized Process started() {
        if (spark == null) {
            try {
                spark = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
            } catch (IOException e) {
                throw new OrtuneException(launcher + ": cannot be run (" + e.getMessage() + ")", e);
            }
            Process begun = spark;
            Thread reader = new Thread(() -> read(begun), "spark");
            reader.setDaemon(true);
            reader.start();
        }
        return spark;
    }

    private void read(Process started) {
        started.inputReader(StandardCharsets.UTF_8).lines().forEach(this::ended);
        running.values().forEach(each -> each.complete(new Ended(KILLED, 0)));
    }

    private void ended(String line) {
        JsonNode said;
        try {
            said = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            // Not from us: libraries may print.
            return;
        }
        CompletableFuture<Ended> trial = running.remove(said.path("name").asText());
        if (trial == null) {
            return;
        }
        if (said.has("failed")) {
            trial.completeExceptionally(new OrtuneException("a machine of the cluster cannot run " + launcher + ": "
                    + said.path("failed").asText()));
        } else {
            trial.complete(new Ended(
                    said.path("exit").asInt(KILLED), said.path("seconds").asDouble()));
        }
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public Ended run(String name, List<String> arguments, Path log) throws InterruptedException {
        CompletableFuture<Ended> ended = new CompletableFuture<>();
        running.put(name, ended);
        ObjectNode program = JSON.createObjectNode()
                .put("name", name)
                .put("directory", Path.of("").toAbsolutePath().toString())
                .put("log", log.toAbsolutePath().toString());
        program.putArray("command").add(launcher.toString());
        arguments.forEach(program.withArray("command")::add);
        try {
            tell(program);
            return ended.get();
        } catch (IOException e) {
            if (stopped) {
                return new Ended(KILLED, 0);
            }
            throw new OrtuneException("Spark's program has ended (" + e.getMessage() + ")", e);
        } catch (ExecutionException e) {
            throw new OrtuneException(e.getCause().getMessage(), e);
        }
    }

    private synchronized void tell(ObjectNode program) throws IOException {
        OutputStream out = started().getOutputStream();
        out.write((program + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Override
    public void stop() {
        stopped = true;
        end();
    }

    /** Where its input ends, Spark's program asks all trials to end, and ends itself. */
    private synchronized void end() {
        if (spark == null) {
            return;
        }
        try {
            spark.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
    }

    @Override
    public void close() {
        end();
        if (spark == null) {
            return;
        }
        try {
            if (!spark.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                spark.destroy();
            }
        } catch (InterruptedException e) {
            spark.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
