package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ModelFolder;
import dev.ortune.server.store.ModelStore;
import dev.ortune.server.store.ModelWatcher;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model that is replaced again and again while clients ask: nobody notices but by the answers. */
@Timeout(120)
class ReloadUnderLoadTest {
    private static final int RELOADS = 6;
    private static final int CLIENTS = 4;
    private static final double EXACT = 1e-6;

    @TempDir
    private Path folder;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile int factor = 1;
    private volatile boolean over;

    @Test
    void everyAnswerIsFromTheOldOrTheNewModelAndNoneFails() throws Exception {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"), factor);
        BatchOptions batches = new BatchOptions(256, 300, 32, 1, 1);
        Semaphore loaded = new Semaphore(0);
        try (ModelStore store = ModelStore.open(List.of(tiny), new InferenceOptions("auto", batches))) {
            ModelWatcher watcher = ModelWatcher.start(store, Duration.ofMillis(50), new Counting(loaded));
            HttpServer server = HttpServer.start(store, batches, "127.0.0.1", 0);
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                int client = i;
                clients.add(new Thread(() -> ask(server.port(), client)));
            }
            clients.forEach(Thread::start);
            for (int reload = 0; reload < RELOADS; reload++) {
                exportAnew(tiny);
                assertThat(loaded.tryAcquire(20, TimeUnit.SECONDS))
                        .as("reload %d", reload)
                        .isTrue();
                awaitAnswers(20);
            }
            over = true;
            for (Thread client : clients) {
                client.join();
            }
            watcher.close();
            assertThat(wrong).isEmpty();
            assertAllAreCounted(server.port());
            server.stop(Duration.ofSeconds(5));
        }
        assertThat(answered).hasValueGreaterThanOrEqualTo(20 * RELOADS);
    }

    /** Models that came later are counted like the first. */
    private void assertAllAreCounted(int port) throws Exception {
        String success = "te_request_success{method=\"single\"} " + (double) answered.get();
        HttpRequest scrape = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .build();
        String scraped;
        do {
            scraped = HttpClient.newHttpClient()
                    .send(scrape, HttpResponse.BodyHandlers.ofString())
                    .body();
        } while (scraped.lines().noneMatch(success::equals));
        assertThat(scraped.lines()).contains("te_batch_next_size_sum " + (double) answered.get(), "te_queue_size 0.0");
    }

    private void awaitAnswers(int more) throws InterruptedException {
        int before = answered.get();
        while (answered.get() < before + more && wrong.isEmpty()) {
            Thread.sleep(5);
        }
    }

    private record Counting(Semaphore loaded) implements ModelWatcher.Listener {
        @Override
        public void loaded(ModelFolder model) {
            loaded.release();
        }

        @Override
        public void removed(String name, int version) {}

        @Override
        public void refused(String name, int version, String reason) {}
    }

    /** As the exporter publishes. */
    private void exportAnew(Path tiny) throws Exception {
        int next = factor + 1;
        Path made = TinyClassifier.write(folder.resolve("made" + next), next);
        Path old = folder.resolve("old" + next);
        factor = next;
        Files.move(tiny.resolve("onnx"), old);
        Files.move(made.resolve("onnx"), tiny.resolve("onnx"));
    }

    private void ask(int port, int client) {
        HttpClient http = HttpClient.newHttpClient();
        Random random = new Random(client);
        try {
            while (!over) {
                int[] words = random.ints(1 + random.nextInt(4), 1, 20).toArray();
                StringBuilder text = new StringBuilder();
                for (int word : words) {
                    text.append(" w").append(word);
                }
                int oldest = Math.max(1, factor - 1);
                HttpResponse<String> response = http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/predict"))
                                .POST(HttpRequest.BodyPublishers.ofString("{\"inputs\": \"" + text + "\"}"))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                check(response, words, oldest, factor);
            }
        } catch (Exception e) {
            wrong.add(e.toString());
        }
    }

    private void check(HttpResponse<String> response, int[] words, int oldest, int newest) throws Exception {
        if (response.statusCode() != 200) {
            wrong.add(response.statusCode() + " " + response.body());
            return;
        }
        double best =
                new ObjectMapper().readTree(response.body()).at("/0/score").asDouble();
        for (int model = oldest; model <= newest; model++) {
            if (Math.abs(best - TinyClassifier.probabilities(model, words)[2]) < EXACT) {
                answered.incrementAndGet();
                return;
            }
        }
        wrong.add(response.body() + " is the answer of none of the models " + oldest + " to " + newest);
    }
}
