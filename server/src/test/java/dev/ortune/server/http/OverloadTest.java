package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.server.RawClient;
import dev.ortune.server.ServeProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More than the queue holds. */
@Timeout(60)
class OverloadTest {
    /** Each text is a batch of its own, which takes a tenth of a second. */
    private static final BatchOptions ONE_BY_ONE = new BatchOptions(1, 10, 32, 1, 1);

    @TempDir
    private Path folder;

    @Test
    void whatTheQueueDoesNotHoldIsTurnedAwayAtOnceAndTheRestIsAnswered() throws Exception {
        Path slow = TinyClassifier.writeSlow(folder.resolve("tiny"));
        try (var running = RunningServer.of(ServerOptions.of("127.0.0.1", 0), ONE_BY_ONE, slow)) {
            CompletableFuture<HttpResponse<String>> first =
                    CompletableFuture.supplyAsync(() -> running.post("/models/tiny", texts(10)));
            while (running.get("/metrics").body().lines().noneMatch(line -> line.matches("te_queue_size [1-9].*"))) {
                Thread.sleep(5);
            }
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> refused = running.post("/models/tiny", texts(10));
                assertThat(first).as("answered before the refusal").isNotDone();
                assertThat(refused.statusCode()).isEqualTo(429);
                assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
                assertThat(refused.body()).contains("\"error_type\":\"Overloaded\"");
            }
            assertThat(first.join().statusCode()).isEqualTo(200);
            assertThat(running.post("/models/tiny", texts(1)).statusCode()).isEqualTo(200);
            MetricsTest.until(running, "te_request_failure{err=\"overloaded\"} 5.0");
        }
    }

    /** Of a heap of 128 MB bodies may take 16. */
    @Test
    void bodiesThatTogetherTakeTooMuchMemoryAreTurnedAway() throws Exception {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        List<String> arguments = List.of(tiny.toString(), "--port", "0", "--payload-limit", "4000000");
        String large = RawClient.post("/predict", "{\"inputs\": \"w1\"" + " ".repeat(3_800_000) + "}");
        int most = large.length() - 10;
        List<RawClient> slow = new ArrayList<>();
        try (ServeProcess serving = ServeProcess.start(List.of("-Xmx128m"), Map.of(), arguments);
                RawClient late = connect(serving.port())) {
            for (int i = 0; i < 4; i++) {
                slow.add(connect(serving.port()));
                slow.get(i).send(large.substring(0, most));
            }
            RawClient.Answer refused;
            do {
                Thread.sleep(1000); // What was sent has to be read first.
                late.send(large);
                refused = late.receive();
            } while (refused.status() == 200);
            assertThat(refused.status()).as(refused.body()).isEqualTo(429);
            assertThat(refused.head()).containsIgnoringCase("\r\nretry-after: 1\r\n");
            assertThat(refused.body()).contains("\"error_type\":\"Overloaded\"");
            for (RawClient client : slow) {
                client.send(large.substring(most));
                assertThat(client.receive().status()).isEqualTo(200);
                client.close();
            }
            late.send(large);
            assertThat(late.receive().status()).isEqualTo(200);
        }
    }

    private static RawClient connect(int port) throws IOException {
        return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private static String texts(int count) {
        return "{\"inputs\": [" + String.join(", ", Collections.nCopies(count, "\"w7 w8\"")) + "]}";
    }
}
