package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.server.log.LogFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send too much, too slowly, or too many at once. */
@Timeout(60)
class BadClientsTest {
    private static final int CONNECTIONS = 8;

    @TempDir
    private Path folder;

    private RunningServer running;

    @BeforeEach
    void start() throws IOException {
        ServerOptions options = new ServerOptions(
                "127.0.0.1",
                0,
                List.of(),
                List.of(),
                null,
                100_000,
                CONNECTIONS,
                Duration.ofSeconds(1),
                LogFormat.NONE);
        running = new RunningServer(folder, options, "tiny");
    }

    @AfterEach
    void stop() {
        running.close();
    }

    @Test
    void bodiesThatAreTooLargeAreRefusedHoweverTheyCome() {
        byte[] body = ("{\"inputs\": \"" + "x".repeat(200_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        List<HttpRequest.BodyPublisher> ways = List.of(
                HttpRequest.BodyPublishers.ofByteArray(body),
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        for (HttpRequest.BodyPublisher way : ways) {
            HttpResponse<String> refused =
                    running.send(running.request("/predict").POST(way).build());
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(refused.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(refused.body()).contains("\"error\":\"", "\"error_type\":\"PayloadTooLarge\"");
        }
        HttpRequest chunked = running.request("/predict")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream("{\"inputs\": \"w1\"}".getBytes(StandardCharsets.UTF_8))))
                .build();
        assertThat(running.send(chunked).statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyMayBeAsLargeAsTheOptionSays() throws IOException {
        int limit = 66 << 20;
        ServerOptions options = new ServerOptions(
                "127.0.0.1", 0, List.of(), List.of(), null, limit, 10, Duration.ofSeconds(30), LogFormat.NONE);
        byte[] body = new byte[limit];
        Arrays.fill(body, (byte) ' ');
        byte[] json = "{\"inputs\": \"w1\"}".getBytes(StandardCharsets.UTF_8);
        System.arraycopy(json, 0, body, limit - json.length, json.length);
        try (RunningServer large = new RunningServer(folder.resolve("large"), options, "tiny")) {
            HttpRequest request = large.request("/predict")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            assertThat(large.send(request).statusCode()).isEqualTo(200);
        }
    }

    /** A connection that is closed on what its client has sent takes the answer with it. */
    @Test
    void whoSendsTooMuchReadsWhyAndMayAskAgain() throws IOException {
        byte[] head = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(head);
                socket.getOutputStream().write(new byte[8_000_000]);
                assertThat(readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 413");
            }
            socket.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whoAsksBeforeSendingTooMuchIsToldSoAtOnce() throws IOException {
        for (String more : List.of("Content-Length: 200000\r\nExpect: 100-continue", "Content-Length: 9000000000")) {
            try (Socket socket = connect()) {
                socket.getOutputStream()
                        .write(("POST /predict HTTP/1.1\r\nHost: x\r\n" + more + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(readAnswer(socket.getInputStream())).as(more).startsWith("HTTP/1.1 413");
            }
        }
    }

    @Test
    void headersThatAreTooLongAreRefused() {
        HttpResponse<String> refused = running.get("/health", "X-Long", "a".repeat(17 << 10));
        assertThat(refused.statusCode()).isEqualTo(431);
        assertThat(refused.body()).contains("\"error\":\"", "\"error_type\":");
    }

    @Test
    void whoDripsARequestIsCutOff() throws IOException, InterruptedException {
        String request = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n{\"inputs\": \"w1\"}";
        int body = request.indexOf("\r\n\r\n") + 4;
        for (int whole : List.of(0, 20, body, body + 3)) {
            assertThat(secondsUntilCutOff(request, whole, 0))
                    .as("%d at once", whole)
                    .isBetween(0.8, 5.0);
        }
        assertThat(secondsUntilCutOff(request, 20, 1)).as("after a whole one").isBetween(0.8, 5.0);
    }

    /** What is refused in the middle has as long from then on as it had before, and not for ever. */
    @Test
    void whoDripsABodyThatIsRefusedHasTimeFromTheRefusalOn() throws IOException, InterruptedException {
        String head = "POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(100_001) + "\r\n" + "x".repeat(100_001) + "\r\n";
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(700);
            out.write(chunk.getBytes(StandardCharsets.US_ASCII));
            Thread.sleep(700);
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 413");
        }
        String dripped = head + chunk + "1\r\nx\r\n".repeat(100);
        assertThat(secondsUntilCutOff(dripped, head.length() + chunk.length(), 0))
                .isBetween(0.8, 5.0);
    }

    /** Sends some requests as they should be, of another a part at once, and the rest by a byte each 100 ms. */
    private double secondsUntilCutOff(String request, int atOnce, int before) throws IOException, InterruptedException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < before; i++) {
                out.write(request.getBytes(StandardCharsets.US_ASCII));
                readAnswer(socket.getInputStream());
            }
            long start = System.nanoTime();
            out.write(request.substring(0, atOnce).getBytes(StandardCharsets.US_ASCII));
            for (int at = atOnce; at < request.length(); at++) {
                try {
                    out.write(request.charAt(at));
                    socket.setSoTimeout(100);
                    if (socket.getInputStream().read() < 0) {
                        break;
                    }
                } catch (java.net.SocketTimeoutException stillThere) {
                    assertThat(stillThere).isNotNull();
                } catch (IOException reset) {
                    break;
                }
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    @Test
    void aClientThatThinksBetweenRequestsIsKept() throws IOException, InterruptedException {
        String request = "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n{\"inputs\": \"w1\"}";
        try (Socket socket = connect()) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertThat(readAnswer(socket.getInputStream())).startsWith("HTTP/1.1 200");
                Thread.sleep(1500);
            }
        }
    }

    @Test
    void connectionsBeyondTheMostWaitUntilOthersEnd() throws IOException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS + 3; i++) {
                sockets.add(connect());
            }
            // Silent ones are cut off after a second, so the late ones get their turn.
            Socket last = sockets.get(sockets.size() - 1);
            last.setSoTimeout(10_000);
            last.getOutputStream().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(readAnswer(last.getInputStream())).startsWith("HTTP/1.1 200");
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), running.port());
    }

    /** The head of an answer; its body is read and dropped. */
    private static String readAnswer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int read = in.read();
            if (read < 0) {
                break;
            }
            head.append((char) read);
        }
        var length =
                java.util.regex.Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        if (length.find()) {
            in.readNBytes(Integer.parseInt(length.group(1)));
        }
        return head.toString();
    }
}
