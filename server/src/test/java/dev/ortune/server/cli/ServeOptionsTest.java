package dev.ortune.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.server.SelfSigned;
import dev.ortune.server.ServeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.OptionSpec;

/** What {@code serve} can be told, on the command line and by the environment. */
@Timeout(120)
class ServeOptionsTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACEPARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    /** Those whose defaults the help tells, with values that are not the defaults. */
    private static final Map<String, String> TOLD = Map.ofEntries(
            Map.entry("HOST", "127.0.0.2"),
            Map.entry("PORT", "8099"),
            Map.entry("PAYLOAD_LIMIT", "1234567"),
            Map.entry("MAX_CONNECTIONS", "77"),
            Map.entry("REQUEST_TIMEOUT", "13"),
            Map.entry("ACCESS_LOG", "json"),
            Map.entry("DEVICE", "cpu"),
            Map.entry("PRECISION", "int4"),
            Map.entry("MAX_BATCH_TOKENS", "4321"),
            Map.entry("MAX_CONCURRENT_REQUESTS", "99"),
            Map.entry("MAX_CLIENT_BATCH_SIZE", "7"));

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = TinyClassifier.write(folder.resolve("tiny"));
    }

    @Test
    void theEnvironmentSetsWhatTheHelpTells() throws Exception {
        try (ServeProcess help = ServeProcess.start(List.of(), TOLD, List.of("--help"))) {
            assertThat(help.exit()).isZero();
            String said = String.join(" ", help.output()).replaceAll("\\s+", " ");
            TOLD.forEach((name, value) -> assertThat(said)
                    .containsPattern(
                            "--" + name.toLowerCase(java.util.Locale.ROOT).replace('_', '-') + "=[^(]*\\(default: "
                                    + value + "\\)"));
        }
    }

    /** The others, by what they do; and no option is left without a variable. */
    @Test
    void theEnvironmentSetsTheRest() throws Exception {
        SelfSigned made = SelfSigned.in(folder);
        Map<String, String> environment = Map.of(
                "API_KEY", "first,second",
                "CORS_ALLOW_ORIGIN", "https://example.org",
                "TLS_CERT_FILE", made.certificate().toString(),
                "TLS_KEY_FILE", made.key().toString(),
                "WATCH", "true",
                "GPU_MEMORY_LIMIT", "2",
                "THREADS", "-1",
                "WORKERS", "-2");
        assertThat(Stream.concat(TOLD.keySet().stream(), environment.keySet().stream()))
                .containsExactlyInAnyOrderElementsOf(variables());
        List<String> arguments = List.of(model.toString(), "--port", "0");
        try (ServeProcess refused = ServeProcess.start(List.of(), environment, arguments)) {
            assertThat(refused.exit()).isEqualTo(2);
            assertThat(refused.output().get(0)).isEqualTo("ortune: --threads must be at least 1, not -1");
        }
        List<String> threads = List.of(model.toString(), "--port", "0", "--threads", "1");
        try (ServeProcess refused = ServeProcess.start(List.of(), environment, threads)) {
            assertThat(refused.exit()).isEqualTo(2);
            assertThat(refused.output().get(0)).isEqualTo("ortune: --workers must be at least 1, not -2");
        }
        List<String> sound = List.of(model.toString(), "--port", "0", "--threads", "1", "--workers", "1");
        try (ServeProcess serving = ServeProcess.start(List.of(), environment, sound)) {
            assertThat(serving.address()).startsWith("https://");
            HttpClient client =
                    HttpClient.newBuilder().sslContext(made.trusting()).build();
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(serving.address() + "/models"))
                    .header("Origin", "https://example.org");
            assertThat(send(client, request).statusCode()).isEqualTo(401);
            HttpResponse<String> list = send(client, request.header("Authorization", "Bearer second"));
            assertThat(list.statusCode()).isEqualTo(200);
            assertThat(list.headers().firstValue("access-control-allow-origin")).hasValue("https://example.org");
            TinyClassifier.write(model, 2);
            serving.await(line -> line.startsWith("tiny version 1: loaded model.onnx"));
        }
    }

    private static Set<String> variables() {
        Set<String> names = new TreeSet<>();
        for (OptionSpec option : Ortune.commandLine()
                .getSubcommands()
                .get("serve")
                .getCommandSpec()
                .options()) {
            if (!option.usageHelp() && !option.versionHelp() && !option.inherited()) {
                names.add(option.longestName().substring(2).replace('-', '_').toUpperCase(java.util.Locale.ROOT));
            }
        }
        return names;
    }

    @Test
    void theHelpIsInGroups() {
        Cli help = Cli.run("serve", "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .containsSubsequence("--watch", "Listening:", "--host", "--tls-key-file", "Models:", "--precision");
        assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0, , true", "0.0.0.0, secret, false", "127.0.0.1, , false"})
    void anOpenAddressIsWarnedOf(String host, String key, boolean warned) throws Exception {
        Map<String, String> environment = key == null ? Map.of() : Map.of("API_KEY", key);
        List<String> arguments = List.of(model.toString(), "--host", host, "--port", "0");
        try (ServeProcess serving = ServeProcess.start(List.of(), environment, arguments)) {
            assertThat(serving.address()).startsWith("http://" + host + ":");
            assertThat(serving.output().stream().anyMatch(line -> line.startsWith("ortune: warning: every machine")))
                    .isEqualTo(warned);
        }
    }

    @Test
    void theAccessLogNamesTheTraceAndNotTheTexts() throws Exception {
        try (ServeProcess serving = ServeProcess.start(model, "--access-log", "json")) {
            HttpResponse<String> response = ask(serving);
            assertThat(response.headers().firstValue("x-request-id")).hasValue("mine");
            String said = response.headers().firstValue("traceparent").orElseThrow();
            assertThat(said).matches("00-" + TRACE + "-[0-9a-f]{16}-01").isNotEqualTo(TRACEPARENT);
            JsonNode line = new ObjectMapper().readTree(serving.await(output -> output.startsWith("{")));
            assertThat(line.path("message").asText()).isEqualTo("POST /predict");
            assertThat(line.path("status").asInt()).isEqualTo(200);
            assertThat(line.path("bytes").asInt()).isEqualTo(response.body().length());
            assertThat(line.path("model").asText()).isEqualTo("tiny");
            assertThat(line.path("texts").asInt()).isEqualTo(1);
            assertThat(line.path("tokens").asInt()).isEqualTo(2);
            assertThat(line.path("client").asText()).isEqualTo("127.0.0.1");
            assertThat(line.path("request_id").asText()).isEqualTo("mine");
            assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
            assertThat(line.path("duration_ms").asDouble())
                    .isGreaterThan(line.path("inference_ms").asDouble());
            assertThat(String.join("", serving.output())).doesNotContain("w17", "private");
            // The server's own first requests are nobody's.
            assertThat(serving.output().stream().filter(output -> output.startsWith("{")))
                    .hasSize(1);
        }
    }

    @Test
    void theAccessLogIsALineARequestForPeopleToo() throws Exception {
        try (ServeProcess serving = ServeProcess.start(model, "--access-log", "text")) {
            ask(serving);
            String line = serving.await(output -> output.contains("access"));
            assertThat(line)
                    .contains("INFO access: POST /predict client=127.0.0.1 status=200", "trace_id=" + TRACE)
                    .doesNotContain("w17", "private");
        }
    }

    private static HttpResponse<String> ask(ServeProcess serving) throws IOException, InterruptedException {
        return send(
                HttpClient.newHttpClient(),
                HttpRequest.newBuilder(URI.create(serving.address() + "/predict?private=1"))
                        .header("traceparent", TRACEPARENT)
                        .header("X-Request-Id", "mine")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\": \"w17 w18\"}")));
    }

    private static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
