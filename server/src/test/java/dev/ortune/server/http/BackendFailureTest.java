package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.server.Question;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** ONNX Runtime itself fails, at a word that lies beyond the model's table. */
@Timeout(60)
class BackendFailureTest {
    /** As many tokens as a batch may have: such a text is in no batch with another. */
    private static final String ALONE = TinyClassifier.POISON + " w1".repeat(TinyClassifier.MAX_LENGTH - 1);

    private static final BatchOptions BATCHES = new BatchOptions(TinyClassifier.MAX_LENGTH, 300, 32, 1, 1);
    private static final int FAILURES = 30;
    private static final int CLIENTS = 3;

    @TempDir
    private Path folder;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    @Test
    void onlyTheRequestsOfTheFailedBatchFail() throws Exception {
        try (var running = new RunningServer(folder, ServerOptions.of("127.0.0.1", 0), BATCHES, "tiny")) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(i);
                clients.add(new Thread(() -> IntStream.range(0, 60).forEach(n -> ask(running, random))));
            }
            clients.forEach(Thread::start);
            for (int i = 0; i < FAILURES; i++) {
                assertFailed(running.post("/predict", "{\"inputs\": \"" + ALONE + "\"}"));
            }
            for (Thread client : clients) {
                client.join();
            }
            assertThat(wrong).isEmpty();
            MetricsTest.until(running, "te_request_failure{err=\"inference\"} " + (double) FAILURES);
        }
    }

    @Test
    void itIsTheWholeRequestThatFailsAndTheNextIsAnswered() throws IOException {
        try (var running = new RunningServer(folder, ServerOptions.of("127.0.0.1", 0), "tiny")) {
            assertFailed(running.post("/predict", "{\"inputs\": [[\"w1\"], [\"" + TinyClassifier.POISON + "\"]]}"));
            assertFailed(running.post("/models/tiny", "{\"inputs\": \"" + TinyClassifier.POISON + "\"}"));
            ask(running, new Random(5));
            assertThat(wrong).isEmpty();
        }
    }

    private void ask(RunningServer running, Random random) {
        Question question = Question.any(random);
        try {
            HttpResponse<String> response = running.post(question.path(), question.json());
            if (response.statusCode() != 200 || !question.isAnsweredBy(response.body())) {
                wrong.add(response.statusCode() + " " + response.body() + " for " + question);
            }
        } catch (IOException | RuntimeException e) {
            wrong.add(e.toString());
        }
    }

    private static void assertFailed(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(424);
        assertThat(response.body()).contains("\"error_type\":\"Backend\"", "The model failed");
    }
}
