package dev.ortune.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.spark.SparkHome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Programs on executors in processes of their own, one of which is killed. */
@Timeout(300)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are shell scripts")
class TasksCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void programsEndAsTheyEndOrAreLostWithTheirExecutor() throws Exception {
        SparkHome.fill();
        InputStream before = System.in;
        PipedOutputStream input = new PipedOutputStream();
        PipedWriter output = new PipedWriter();
        PrintStream tell = new PrintStream(input, true, StandardCharsets.UTF_8);
        try (BufferedReader told = new BufferedReader(new PipedReader(output))) {
            System.setIn(new PipedInputStream(input));
            CompletableFuture<Integer> command = CompletableFuture.supplyAsync(() -> Ortune.commandLine()
                    .setOut(new PrintWriter(output))
                    .execute(
                            "tasks",
                            "--master=local-cluster[2,1,1024]",
                            "--conf=spark.executor.memory=512m",
                            "--conf=spark.executor.extraJavaOptions=" + SparkHome.SOON_COMPILED,
                            "--conf=spark.executorEnv.SPARK_SCALA_VERSION=2.13",
                            "--conf=spark.local.dir=" + folder.resolve("local")));

            tell.println(program("three", "echo \"here $PWD\"; exit 3"));
            JsonNode three = JSON.readTree(told.readLine());
            assertThat(three.path("name").asText()).isEqualTo("three");
            assertThat(three.path("exit").asInt()).isEqualTo(3);
            assertThat(three.path("seconds").asDouble()).isPositive();
            assertThat(log("three")).contains("here " + folder.toRealPath());

            tell.println(program("nobody", "")
                    .replace("/bin/sh", folder.resolve("nothing").toString()));
            assertThat(JSON.readTree(told.readLine()).path("failed").asText()).contains("Cannot run program");

            // Two at a time, each on an executor of its own, of which one is killed.
            String waiting =
                    "trap 'echo ended; exit 143' TERM; echo \"on $ORTUNE_PARENT $$\"; while :; do sleep 0.1; done";
            tell.println(program("lost", waiting));
            tell.println(program("kept", waiting));
            long first = logged("lost", 1);
            long second = logged("kept", 1);
            assertThat(first)
                    .isNotEqualTo(second)
                    .isNotEqualTo(ProcessHandle.current().pid());
            ProcessHandle.of(first).orElseThrow().destroyForcibly();
            JsonNode lost = JSON.readTree(told.readLine());
            assertThat(lost.path("name").asText()).isEqualTo("lost");
            assertThat(lost.has("lost")).isTrue();
            // Ortune's own programs end with their executor; a shell knows nothing of that.
            ProcessHandle.of(logged("lost", 2)).ifPresent(ProcessHandle::destroyForcibly);

            // The end of the input asks the other to end.
            tell.close();
            assertThat(JSON.readTree(told.readLine()).path("name").asText()).isEqualTo("kept");
            assertThat(command.get()).isZero();
            // Asked on its executor, which nobody waits for; it notices within a tenth of a second.
            assertThat(log("kept", ".*ended.*")).contains("ended");
        } finally {
            System.setIn(before);
        }
    }

    private String program(String name, String script) {
        ObjectNode json = JSON.createObjectNode()
                .put("name", name)
                .put("directory", folder.toString())
                .put("log", folder.resolve(name + ".log").toString());
        json.putArray("command").add("/bin/sh").add("-c").add(script);
        return json.toString();
    }

    private String log(String name) throws IOException {
        Path log = folder.resolve(name + ".log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** Once it is like a pattern; the test's own end is that of all patience. */
    private String log(String name, String pattern) throws Exception {
        while (!log(name).matches("(?s)" + pattern)) {
            Thread.sleep(50);
        }
        return log(name);
    }

    /** The executor's process, or the program's own. */
    private long logged(String name, int word) throws Exception {
        String line = log(name, "on \\d+ \\d+\n.*").lines().findFirst().orElseThrow();
        return Long.parseLong(line.split(" ", -1)[word]);
    }
}
