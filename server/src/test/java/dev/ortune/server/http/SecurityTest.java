package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.server.RawClient;
import dev.ortune.server.SelfSigned;
import dev.ortune.server.jetty.Tls;
import dev.ortune.server.log.LogFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, origins and certificates over real HTTP and HTTPS. */
@Timeout(60)
class SecurityTest {
    private static final String BODY = "{\"inputs\": \"w1\"}";

    @TempDir
    private Path folder;

    static ServerOptions options(List<String> keys, List<String> origins, Tls tls) {
        return new ServerOptions("127.0.0.1", 0, keys, origins, tls, 1000, 100, Duration.ofSeconds(10), LogFormat.NONE);
    }

    @Test
    void onlyWhoBringsAKeyIsAnswered() throws IOException {
        try (var running = new RunningServer(folder, options(List.of("first", "second"), List.of(), null), "tiny")) {
            for (String path : List.of("/predict", "/models/tiny", "/v2/models/tiny/infer", "/interpret")) {
                HttpResponse<String> refused = running.post(path, BODY);
                assertThat(refused.statusCode()).as(path).isEqualTo(401);
                assertThat(refused.headers().firstValue("www-authenticate")).hasValue("Bearer");
                assertThat(refused.body()).contains("\"error\":\"", "\"error_type\":\"Unauthorized\"");
            }
            for (String path : List.of("/info", "/models", "/v2", "/v2/models/tiny", "/nothing")) {
                assertThat(running.get(path).statusCode()).as(path).isEqualTo(401);
            }
            for (String wrong :
                    List.of("Bearer firs", "Bearer first2", "first", "Basic first", "Bearer ", "Bearer  first")) {
                assertThat(running.post("/predict", BODY, "Authorization", wrong)
                                .statusCode())
                        .as(wrong)
                        .isEqualTo(401);
            }
            for (String right : List.of("Bearer first", "bearer second")) {
                assertThat(running.post("/predict", BODY, "Authorization", right)
                                .statusCode())
                        .as(right)
                        .isEqualTo(200);
            }
            for (String open : List.of(
                    "/",
                    "/page/app.js",
                    "/docs",
                    "/docs/docs.js",
                    "/openapi.json",
                    "/health",
                    "/ping",
                    "/metrics",
                    "/v2/health/live",
                    "/v2/health/ready")) {
                assertThat(running.get(open).statusCode()).as(open).isEqualTo(200);
            }
            assertThat(running.get("/page/../info").statusCode()).isNotEqualTo(200);
            assertThat(running.get("/page/%2e%2e/info").statusCode()).isNotEqualTo(200);
        }
    }

    /** A body that is refused is read to its end, but not kept, so that the same connection can be asked again. */
    @Test
    void aWrongKeyIsRefusedBeforeTheBodyIs() throws IOException {
        String tooLarge = RawClient.post("/predict", "x".repeat(2_000_000))
                .replaceFirst("\r\n", "\r\nAuthorization: Bearer no\r\n");
        String head = tooLarge.substring(0, tooLarge.indexOf("\r\n\r\n"));
        try (var running = new RunningServer(folder, options(List.of("key"), List.of(), null), "tiny");
                RawClient client = connect(running);
                RawClient waiting = connect(running)) {
            for (int i = 0; i < 3; i++) {
                client.send(tooLarge);
                assertThat(client.receive().status()).isEqualTo(401);
            }
            client.send(RawClient.post("/predict", BODY).replaceFirst("\r\n", "\r\nAuthorization: Bearer key\r\n"));
            assertThat(client.receive().status()).isEqualTo(200);
            waiting.send(head + "\r\nExpect: 100-continue\r\n\r\n");
            RawClient.Answer refused = waiting.receive();
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.head()).containsIgnoringCase("\r\nwww-authenticate: Bearer\r\n");
            MetricsTest.until(running, "te_request_failure{err=\"unauthorized\"} 4.0");
        }
    }

    private static RawClient connect(RunningServer running) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), running.port()));
    }

    @Test
    void pagesOfListedOriginsMayAsk() throws IOException {
        ServerOptions options = options(List.of("key"), List.of("https://example.org"), null);
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "origin");
        try (var running = new RunningServer(folder, options, "tiny")) {
            HttpRequest asks = running.request(
                            "/predict",
                            "Origin",
                            "https://example.org",
                            "Access-Control-Request-Method",
                            "POST",
                            "Access-Control-Request-Headers",
                            "authorization,content-type")
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .build();
            HttpResponse<String> leave = running.send(asks);
            assertThat(leave.statusCode()).isEqualTo(200);
            assertThat(leave.headers().firstValue("access-control-allow-origin"))
                    .hasValue("https://example.org");
            assertThat(leave.headers()
                            .firstValue("access-control-allow-headers")
                            .orElseThrow())
                    .contains("authorization");
            HttpResponse<String> answer =
                    running.post("/predict", BODY, "Origin", "https://example.org", "Authorization", "Bearer key");
            assertThat(answer.headers().firstValue("access-control-allow-origin"))
                    .hasValue("https://example.org");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/predict,     key,   '{\"inputs\": \"w1\"}', 200",
        "/predict,     wrong, '{\"inputs\": \"w1\"}', 401",
        "/models/none, key,   '{\"inputs\": \"w1\"}', 404",
        "/nothing,     key,   '{}', 404",
        "/info,        key,   '{}', 405",
        "/predict,     key,   'LARGE', 413",
        "/predict,     key,   '{\"inputs\": 1}', 422",
        "/models/tiny, key,   '{\"inputs\": [\"w1\", \"w2\"]}', 429"
    })
    void pagesOfListedOriginsMayReadWhyTheyWereRefused(String path, String key, String body, int status)
            throws IOException {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "origin");
        ServerOptions options = options(List.of("key"), List.of("https://example.org"), null);
        BatchOptions one = new BatchOptions(256, 1, 32, 1, 1);
        try (var running = new RunningServer(folder, options, one, "tiny")) {
            for (String origin : List.of("https://example.org", "https://exampleXorg", "http://localhost")) {
                HttpResponse<String> answer = running.post(
                        path,
                        body.replace("LARGE", "x".repeat(2000)),
                        "Origin",
                        origin,
                        "Authorization",
                        "Bearer " + key);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
                boolean listed = origin.equals("https://example.org");
                assertThat(answer.headers().firstValue("access-control-allow-origin"))
                        .isEqualTo(listed ? Optional.of(origin) : Optional.empty());
                assertThat(answer.headers()
                                .firstValue("access-control-expose-headers")
                                .orElse("")
                                .contains("x-request-id"))
                        .isEqualTo(listed);
                assertThat(answer.headers().firstValue("vary")).hasValue("Origin");
            }
        }
    }

    @Test
    void itSpeaksTlsWithACertificateInPem() throws Exception {
        SelfSigned made = SelfSigned.in(folder);
        Tls tls = new Tls(made.certificate(), made.key());
        HttpClient client = HttpClient.newBuilder().sslContext(made.trusting()).build();
        try (var running = new RunningServer(folder, options(List.of(), List.of(), tls), client, "tiny")) {
            assertThat(running.post("/predict", BODY).statusCode()).isEqualTo(200);
            assertThat(running.post("/predict", BODY).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void filesThatAreNoKeyOrCertificateAreNamed() throws Exception {
        SelfSigned.in(folder);
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        Path other = Files.copy(key, folder.resolve("other.pem"));
        SelfSigned.in(folder);
        Path missing = folder.resolve("missing.pem");
        assertRefused(new Tls(missing, key), "missing.pem: cannot be read");
        assertRefused(new Tls(key, key), "key.pem: holds no certificate in PEM");
        assertRefused(new Tls(certificate, certificate), "cert.pem: holds no private key in PEM");
        assertRefused(new Tls(certificate, other), "other.pem: is not the key of");
        assertThatThrownBy(() -> new Tls(certificate, null)).hasMessageContaining("belong together");
    }

    private void assertRefused(Tls tls, String message) {
        assertThatThrownBy(() -> new RunningServer(folder, options(List.of(), List.of(), tls), "tiny").close())
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.org", "https://example.org/", "ftp://example.org", "https://", "https://a b", "null"})
    void whatIsNoOriginIsRefused(String origin) {
        assertThatThrownBy(() -> options(List.of(), List.of(origin), null)).hasMessageContaining("--cors-allow-origin");
    }
}
