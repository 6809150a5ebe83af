package dev.ortune.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.server.Question;
import dev.ortune.server.RawClient;
import dev.ortune.server.ServeProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The process is told to end while clients ask. */
@Timeout(120)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no such signals")
class ShutdownTest {
    private static final int CLIENTS = 4;
    private static final String WHOLE = RawClient.post("/predict", "{\"inputs\": \"w7 w8\"}");
    private static final int HALF = WHOLE.length() - 8;

    /** A server that ends keeps a connection on which nothing has come for so long no more. */
    private static final Duration IDLE = Duration.ofMillis(500);

    @TempDir
    private Path folder;

    private Path model;
    private final AtomicInteger answered = new AtomicInteger();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void write() throws IOException {
        model = TinyClassifier.write(folder.resolve("tiny"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void whatWasAskedIsAnsweredThenItEndsWell(String signal) throws Exception {
        try (ServeProcess serving = ServeProcess.start(model)) {
            int port = serving.port();
            List<Thread> clients = startClients(port);
            try (RawClient half = connect(port);
                    RawClient health = connect(port)) {
                health.send(RawClient.get("/health"));
                assertThat(health.receive().status()).isEqualTo(200);
                awaitAnswers(100);
                half.send(WHOLE.substring(0, HALF));
                health.send(RawClient.get("/health").substring(0, 10));
                Thread.sleep(200);
                serving.signal(signal);
                serving.await(line -> line.startsWith("Stopping"));
                awaitClosedPort(port);
                assertThat(serving.isAlive()).isTrue();
                health.send(RawClient.get("/health").substring(10));
                RawClient.Answer unready = health.receive();
                assertThat(unready.head()).startsWith("HTTP/1.1 503").containsIgnoringCase("connection: close");
                assertThat(unready.body()).contains("\"error_type\":\"Unhealthy\"");
                half.send(WHOLE.substring(HALF));
                RawClient.Answer late = half.receive();
                assertThat(late.head()).startsWith("HTTP/1.1 200");
                assertThat(late.body()).contains("\"label\":\"yes\"");
            }
            assertThat(serving.exit()).isZero();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(wrong).isEmpty();
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSecondSignalEndsItAtOnce(String signal, int exit) throws Exception {
        try (ServeProcess serving = ServeProcess.start(model);
                RawClient half = connect(serving.port())) {
            half.send(WHOLE.substring(0, HALF));
            Thread.sleep(200);
            serving.signal(signal);
            serving.await(line -> line.startsWith("Stopping"));
            Thread.sleep(1000);
            assertThat(serving.isAlive()).as("one request is only half there").isTrue();
            long start = System.nanoTime();
            serving.signal(signal);
            assertThat(serving.exit()).isEqualTo(exit);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        }
    }

    private List<Thread> startClients(int port) {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            Thread client = new Thread(() -> askUntilRefused(port, random), "client-" + i);
            clients.add(client);
            client.start();
        }
        return clients;
    }

    /** Only a connection that was never taken may fail, or one of a client that was kept from asking for a while. */
    private void askUntilRefused(int port, Random random) {
        HttpClient http = HttpClient.newHttpClient();
        long lastAnswer = System.nanoTime();
        try {
            while (true) {
                Question question = Question.any(random);
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + question.path()))
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(question.json()))
                        .build();
                HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (response.statusCode() != 200 || !question.isAnsweredBy(response.body())) {
                    wrong.add(response.statusCode() + " " + response.body() + " for " + question);
                    return;
                }
                answered.incrementAndGet();
                lastAnswer = System.nanoTime();
            }
        } catch (ConnectException refused) {
            // The server takes no more.
        } catch (IOException | InterruptedException e) {
            Duration idle = Duration.ofNanos(System.nanoTime() - lastAnswer);
            if (idle.compareTo(IDLE) < 0) {
                wrong.add(e + " " + idle + " after the last answer");
            }
        }
    }

    private void awaitAnswers(int count) throws InterruptedException {
        while (answered.get() < count && wrong.isEmpty()) {
            Thread.sleep(10);
        }
    }

    private static void awaitClosedPort(int port) throws InterruptedException {
        boolean open = true;
        for (int i = 0; i < 100 && open; i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                Thread.sleep(10);
            } catch (IOException closed) {
                open = false;
            }
        }
        assertThat(open).as("the port is open").isFalse();
    }

    private static RawClient connect(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }
}
