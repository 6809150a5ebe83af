package dev.ortune.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that a task of Spark runs to its end; the machine has it, and all files, under the same names as every other.
 *
 * @param name it is known by
 * @param command its words
 * @param directory it runs in
 * @param log takes what it prints, behind what is there
 */
record Program(String name, List<String> command, String directory, String log) implements Serializable {
    /** In the environment: the process whose end is to be the program's as well. */
    private static final String PARENT = "ORTUNE_PARENT";

    /** What saving its work may take. */
    private static final long MOST_SECONDS = 60;

    /**
     * How a program ended.
     *
     * @param exit its exit code
     * @param seconds that it took
     * @param failure why it could not be started; null where it was
     */
    record Ended(int exit, double seconds, String failure) implements Serializable {}

    static Program of(JsonNode json) {
        List<String> command = new ArrayList<>();
        json.path("command").forEach(word -> command.add(word.asText()));
        return new Program(
                json.path("name").asText(),
                command,
                json.path("directory").asText(),
                json.path("log").asText());
    }

    /** Runs it. A task that is cancelled asks it to end, and waits for that. */
    Ended run() throws IOException, InterruptedException {
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File(directory))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log)));
        builder.environment().put(PARENT, String.valueOf(ProcessHandle.current().pid()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Ended(0, 0, e.getMessage());
        }
        try {
            process.getOutputStream().close();
            return new Ended(process.waitFor(), (System.nanoTime() - start) / 1e9, null);
        } catch (InterruptedException e) {
            process.destroy();
            process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            throw e;
        } finally {
            process.destroy();
        }
    }
}
