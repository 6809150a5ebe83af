package dev.ortune.trainer.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.OrtuneException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ortune serve} of one model on a free port, as a program of its own, asked over HTTP as any client would ask it.
 * Closed, it is told to stop and waited for.
 */
final class LocalServer implements AutoCloseable {
    /** What is said once it is ready: the address of its page. */
    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s/]+:\\d+");

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final Thread hook;
    private final URI address;
    private final String model;

    private LocalServer(Process process, Thread hook, URI address, String model) {
        this.process = process;
        this.hook = hook;
        this.address = address;
        this.model = model;
    }

    /** Starts it and waits until it is ready; what it says meanwhile goes to {@code out}. */
    static LocalServer start(Path folder, PrintWriter out) {
        Process process = Launcher.start(List.of("serve", folder.toString(), "--port", "0"));
        Thread hook = new Thread(process::destroy, "stop-server");
        Runtime.getRuntime().addShutdownHook(hook);
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                out.println(line);
                out.flush();
                Matcher address = ADDRESS.matcher(line);
                if (address.find()) {
                    String name = folder.getFileName().toString();
                    return new LocalServer(process, hook, URI.create(address.group()), name);
                }
            }
        } catch (IOException e) {
            process.destroy();
            throw new OrtuneException("the server cannot be heard (" + e.getMessage() + ")", e);
        }
        throw new OrtuneException(
                "the server ended with exit code " + Launcher.await(process) + " before it was ready");
    }

    URI address() {
        return address;
    }

    /** Labels and probabilities of each text, the likeliest label first, as {@code POST /models/NAME} gives them. */
    List<JsonNode> verdicts(List<String> texts) {
        String body = JSON.valueToTree(Map.of("inputs", texts)).toString();
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/models/" + model))
                .header("Content-Type", "application/json")
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new OrtuneException(
                        request.uri() + " answered " + response.statusCode() + ": " + response.body());
            }
            return lists(JSON.readTree(response.body()), texts.size());
        } catch (JsonProcessingException e) {
            throw new OrtuneException(request.uri() + " answered with something that is not JSON", e);
        } catch (IOException e) {
            throw new OrtuneException(request.uri() + " does not answer (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OrtuneException("interrupted while the server was asked", e);
        }
    }

    private static List<JsonNode> lists(JsonNode answer, int count) {
        List<JsonNode> verdicts = new ArrayList<>();
        answer.forEach(verdicts::add);
        if (verdicts.size() != count) {
            throw new OrtuneException("the server gave " + verdicts.size() + " answers to " + count + " texts");
        }
        return verdicts;
    }

    /** Passes on what it says until somebody stops it; its exit code. */
    int await(PrintWriter out) {
        Launcher.copyOutput(process, out);
        return Launcher.await(process);
    }

    @Override
    public void close() {
        process.destroy();
        Launcher.await(process);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This program is itself on its way down, and the hook has done what it is for.
            process.destroy();
        }
    }
}
