package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.server.store.ModelStore;
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
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that starts while its models are being loaded. */
@Timeout(60)
class PreparedServerTest {
    private static final String HOST = "127.0.0.1";

    @TempDir
    private Path folder;

    private ModelStore store;

    @BeforeEach
    void notLoadedYet() throws IOException {
        store = ModelStore.of(
                List.of(TinyClassifier.write(folder.resolve("tiny"))),
                new InferenceOptions("auto", RunningServer.BATCHES));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private PreparedServer prepare(String host, int port) {
        return HttpServer.prepare(store, RunningServer.BATCHES, ServerOptions.of(host, port));
    }

    @Test
    void nobodyGetsInBeforeItIsOpened() throws Exception {
        int port = freePort();
        Set<Thread> before = threads();
        PreparedServer prepared = prepare(HOST, port);
        awaitThreadsOfJetty(before);
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class);
        store.load();
        HttpServer server = prepared.open();
        assertThat(server.port()).isEqualTo(port);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + port + "/predict"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\": \"w7\"}"))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        server.stop(Duration.ofSeconds(5));
    }

    @Test
    void whatIsAbandonedLeavesNothingBehind() throws Exception {
        Set<Thread> before = threads();
        PreparedServer prepared = prepare(HOST, 0);
        awaitThreadsOfJetty(before);
        prepared.abandon();
        assertThat(ofJetty(before)).isEmpty();
    }

    @Test
    void aPortThatIsTakenAndAHostThatIsNotThereAreNamed() throws Exception {
        store.load();
        Set<Thread> before = threads();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> prepare(HOST, port).open())
                    .isInstanceOf(OrtuneException.class)
                    .hasMessage(HOST + ":" + port + ": cannot be listened on (Address already in use)");
        }
        assertThatThrownBy(() -> prepare("none.invalid", 80).open())
                .isInstanceOf(OrtuneException.class)
                .hasMessage("none.invalid:80: cannot be listened on (no such address)");
        assertThat(ofJetty(before)).isEmpty();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet();
    }

    private static Set<String> ofJetty(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                .filter(name -> name.contains("Jetty"))
                .collect(Collectors.toSet());
    }

    private static void awaitThreadsOfJetty(Set<Thread> before) throws InterruptedException {
        while (ofJetty(before).isEmpty()) {
            Thread.sleep(10);
        }
    }
}
