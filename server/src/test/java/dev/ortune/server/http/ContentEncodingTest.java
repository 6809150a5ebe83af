package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that clients pack, and answers that they want packed. */
@Timeout(60)
class ContentEncodingTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String QUESTION = "{\"inputs\": \"w100\"}";

    @TempDir
    private static Path folder;

    private static RunningServer running;

    @BeforeAll
    static void start() throws IOException {
        running = new RunningServer(folder, ServerOptions.of("127.0.0.1", 0), "tiny");
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", "deflate", "raw deflate", "identity"})
    void packedBodiesAreUnpacked(String encoding) {
        byte[] body = packed(encoding, QUESTION.getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = post("/predict", body, encoding.replace("raw ", ""));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(running.post("/predict", QUESTION).body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "compress"})
    void otherPackingsAreRefused(String encoding) {
        HttpResponse<String> answer = post("/predict", QUESTION.getBytes(StandardCharsets.UTF_8), encoding);
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.headers().firstValue("accept-encoding")).hasValue("gzip, deflate");
        assertThat(answer.body()).contains("Content-Encoding is " + encoding + "; bodies are taken as they are");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void brokenOnesAreRefused(String encoding) {
        byte[] whole = packed(encoding, QUESTION.getBytes(StandardCharsets.UTF_8));
        for (byte[] body :
                new byte[][] {QUESTION.getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, whole.length / 2)}) {
            HttpResponse<String> answer = post("/predict", body, encoding);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("the body is not packed with " + encoding);
        }
    }

    /** A quarter of a gigabyte in a quarter of a megabyte: it is given up at the limit, and the server has as much room as before. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void whatIsTooLargeUnpackedIsRefused(String encoding) {
        byte[] bomb = packed(encoding, new byte[1 << 28]);
        assertThat(bomb.length).isLessThan(ServerOptions.PAYLOAD_LIMIT);
        for (int i = 0; i < 20; i++) {
            HttpResponse<String> answer = post("/predict", bomb, encoding);
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body())
                    .contains("the body has more than " + ServerOptions.PAYLOAD_LIMIT + " bytes when it is unpacked");
        }
        assertThat(running.post("/predict", QUESTION).statusCode()).isEqualTo(200);
    }

    @Test
    void longAnswersArePackedForWhoAsks() throws Exception {
        HttpRequest request =
                running.request("/openapi.json", "Accept-Encoding", "gzip").build();
        HttpResponse<byte[]> answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(answer.headers().firstValue("vary")).hasValue("Accept-Encoding");
        String body = new String(
                new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(body).isEqualTo(running.get("/openapi.json").body());
        HttpResponse<String> little = running.post("/predict", QUESTION, "Accept-Encoding", "gzip");
        assertThat(little.headers().firstValue("content-encoding")).isEmpty();
    }

    @Test
    void otherMethodsAreToldWhichThereAre() {
        HttpResponse<String> get = running.get("/predict");
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("allow")).hasValue("POST");
        HttpResponse<String> html = running.get("/predict", "Accept", "text/html");
        assertThat(html.headers().firstValue("allow")).hasValue("POST");
        assertThat(running.post("/metrics", "").headers().firstValue("allow").orElseThrow())
                .contains("GET");
    }

    private static HttpResponse<String> post(String path, byte[] body, String encoding) {
        return running.send(running.request(path, "Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    private static byte[] packed(String encoding, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                switch (encoding) {
                    case "deflate" -> new DeflaterOutputStream(bytes);
                    case "raw deflate" ->
                        new DeflaterOutputStream(bytes, new Deflater(Deflater.DEFAULT_COMPRESSION, true));
                    case "identity" -> bytes;
                    default -> new GZIPOutputStream(bytes);
                }) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
