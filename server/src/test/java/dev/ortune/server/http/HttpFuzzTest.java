package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.server.store.ModelStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that nobody should send: none is answered with a failure of the server's own, and it goes on serving. */
@Timeout(120)
class HttpFuzzTest {
    private static final long SEED = 20261124;
    private static final int REQUESTS = 4000;
    private static final int CONNECTIONS = 300;
    /** For the names in routes: of what there is, and of what there is not or should not be. */
    private static final List<String> NAMES = List.of(
            "tiny",
            "tiny",
            "1",
            "wordpiece",
            "app.js",
            "docs.js",
            "none",
            "%2e%2e%2fconfig.json",
            "%00",
            "%ff",
            "..;x",
            "a%20b",
            "9".repeat(30));

    private static final List<String> SOUND = List.of(
            "{\"inputs\": \"w1 w2\", \"truncate\": true, \"truncation_direction\": \"left\", \"raw_scores\": false}",
            "{\"inputs\": [[\"w1\"], [\"w2\", \"w3\"]]}",
            "{\"inputs\": [\"w1\", \"w2\"], \"parameters\": {\"top_k\": 2, \"function_to_apply\": \"sigmoid\"}}",
            "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"BYTES\", \"shape\": [2, 1], \"data\": [\"w1\", \"w2\"]}],"
                    + " \"parameters\": {\"classification\": 2}, \"outputs\": [{\"name\": \"label\"}]}",
            "{\"inputs\": {\"text\": \"w1\", \"text_pair\": \"w2\"}, \"parameters\": {}}",
            "{\"ids\": [[2, 3], [4]], \"skip_special_tokens\": false}",
            "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"BYTES\", \"shape\": [1, 2], \"parameters\":"
                    + " {\"binary_data_size\": 12}}], \"outputs\": [{\"name\": \"label\", \"parameters\":"
                    + " {\"binary_data\": true}}]}\u0002\u0000\u0000\u0000w1\u0002\u0000\u0000\u0000w2",
            "{\"inputs\": \"w1 , w2\", \"method\": \"occlusion\", \"model\": \"tiny\"}",
            "{\"inputs\": \"w1 w2 w3 w4 w5\", \"method\": \"shapley\"}",
            "{\"inputs\": [\"Sarah in Berlin\", \"\"], \"parameters\": {\"aggregation_strategy\": \"max\", \"ignore_labels\": []}}");
    private static final List<String> PIECES = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            ",",
            ":",
            "null",
            "true",
            "-1",
            "1e999",
            "99999999999999999999",
            "\"\\ud800\"",
            "\\",
            "\u0000",
            "\"inputs\"",
            "\"shape\"",
            "[[[[[[[[",
            "{\"a\":{\"a\":",
            "\uffff",
            "NaN",
            " ",
            "\"\"",
            "{}",
            "[]");

    @TempDir
    private Path folder;

    private final Random random = new Random(SEED);
    private ModelStore models;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        BatchOptions options = new BatchOptions(256, 300, 32, 1, 1);
        models = ModelStore.open(
                List.of(TinyClassifier.write(folder.resolve("tiny")), Golden.folder("token-classification/wordpiece")),
                new InferenceOptions("auto", options));
        server = HttpServer.start(models, options, "127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop(Duration.ofSeconds(5));
        models.close();
    }

    @Test
    void mutatedBodiesAreRefusedOrAnswered() throws IOException, InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        for (int i = 0; i < REQUESTS; i++) {
            String route = route();
            String method = List.of("POST", "POST", "POST", "POST", "GET", "PUT", "DELETE")
                    .get(random.nextInt(7));
            String body = mutated();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + route))
                    .timeout(Duration.ofSeconds(10))
                    .header("Content-Type", random.nextBoolean() ? "application/json" : "text/plain; charset=utf-16")
                    .headers(headers())
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode())
                    .as("seed %d, request %d: %s %s %s -> %s", SEED, i, method, route, body, response.body())
                    .isLessThan(500)
                    .isNotEqualTo(424);
        }
        assertStillServing(client);
    }

    @Test
    void deepAndLargeBodiesAreRefusedEverywhere() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        List<String> bodies = List.of(
                "[".repeat(100_000),
                "{\"inputs\":".repeat(100_000),
                "{\"inputs\": " + "[".repeat(50_000) + "]".repeat(50_000) + "}",
                "{\"inputs\": \"" + "x".repeat(ServerOptions.PAYLOAD_LIMIT) + "\"}",
                "{\"inputs\": " + "9".repeat(500_000) + "}",
                "{\"inputs\": [" + "\"\",".repeat(200_000) + "\"\"]}",
                "{\"" + "k".repeat(500_000) + "\": 1}");
        for (String path : paths()) {
            URI uri = URI.create("http://127.0.0.1:" + server.port()
                    + path.replace("{name}", "tiny").replace("{version}", "1").replace("{file}", "app.js"));
            for (String body : bodies) {
                HttpRequest request = HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(10))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
                int status = client.send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode();
                assertThat(status)
                        .as("%s %.40s", path, body)
                        .isBetween(400, 499)
                        .isNotEqualTo(424);
            }
        }
        assertStillServing(client);
    }

    @Test
    void brokenConnectionsLeaveItServing() throws IOException, InterruptedException {
        String sound = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n{\"inputs\": \"w1\"}";
        for (int i = 0; i < CONNECTIONS; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()), 5000);
                socket.setSoTimeout(20);
                socket.getOutputStream().write(broken(sound, i % 5).getBytes(StandardCharsets.ISO_8859_1));
                socket.getOutputStream().flush();
                read(socket.getInputStream());
            } catch (IOException refused) {
                // The server may close such a connection in the middle of what is sent.
                assertThat(refused).isNotNull();
            }
        }
        assertStillServing(HttpClient.newHttpClient());
    }

    private static void read(InputStream answer) throws IOException {
        try {
            byte[] start = answer.readNBytes(12);
            if (start.length == 12) {
                assertThat(new String(start, StandardCharsets.ISO_8859_1)).doesNotStartWith("HTTP/1.1 5");
            }
        } catch (SocketTimeoutException stillWaiting) {
            // It waits for the rest of a request that ends here, which is its right.
            assertThat(stillWaiting).isNotNull();
        }
    }

    private String broken(String sound, int way) {
        return switch (way) {
            case 0 -> sound.substring(0, random.nextInt(sound.length()));
            case 1 -> "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(20_000) + "\r\n\r\n";
            case 2 -> sound.replace("Content-Length: 16", "Content-Length: -5");
            case 3 ->
                sound.replace("Content-Length: 16", "Transfer-Encoding: chunked")
                        .replace("{", "zz\r\n{");
            default -> {
                byte[] noise = new byte[random.nextInt(400)];
                random.nextBytes(noise);
                yield new String(noise, StandardCharsets.ISO_8859_1);
            }
        };
    }

    private List<String> paths() {
        return server.routes().stream()
                .map(route -> route.substring(route.indexOf('/')))
                .distinct()
                .toList();
    }

    /** One of all that the server has, whatever comes to be added to them. */
    private String route() {
        List<String> paths = paths();
        int one = random.nextInt(paths.size() + 1);
        String path = one == paths.size() ? "/nothing" : paths.get(one);
        while (path.contains("{")) {
            path = path.replaceFirst("\\{\\w+\\}", NAMES.get(random.nextInt(NAMES.size())));
        }
        return path;
    }

    /** A sound body with a few places cut, doubled or replaced. */
    private String mutated() {
        StringBuilder body = new StringBuilder(SOUND.get(random.nextInt(SOUND.size())));
        for (int change = random.nextInt(4); change > 0 && body.length() > 1; change--) {
            int start = random.nextInt(body.length());
            int end = Math.min(body.length(), start + random.nextInt(12));
            switch (random.nextInt(4)) {
                case 0 -> body.delete(start, end);
                case 1 -> body.insert(start, body.substring(start, end).repeat(1 + random.nextInt(40)));
                case 2 -> body.replace(start, end, PIECES.get(random.nextInt(PIECES.size())));
                default ->
                    body.insert(start, PIECES.get(random.nextInt(PIECES.size())).repeat(1 + random.nextInt(60)));
            }
        }
        return body.toString();
    }

    /** Which model is asked, and now and then how a body is made that is made otherwise. */
    private String[] headers() {
        List<String> headers = new ArrayList<>();
        headers.add("X-Model");
        headers.add(List.of("tiny", "tiny", "wordpiece", "none").get(random.nextInt(4)));
        if (random.nextInt(8) == 0) {
            headers.add("Inference-Header-Content-Length");
            headers.add(List.of("0", "1", "40", "120", "-1", "x", "99999999999").get(random.nextInt(7)));
        }
        if (random.nextInt(16) == 0) {
            headers.add("Content-Encoding");
            headers.add(List.of("gzip", "deflate", "br", "identity").get(random.nextInt(4)));
        }
        return headers.toArray(String[]::new);
    }

    private void assertStillServing(HttpClient client) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/predict"))
                .header("X-Model", "tiny")
                .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\": \"w1\"}"))
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }
}
