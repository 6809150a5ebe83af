package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.server.TinyClassifier;
import dev.ortune.server.model.BatchOptions;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
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

    private static String texts(int count) {
        return "{\"inputs\": [" + String.join(", ", Collections.nCopies(count, "\"w7 w8\"")) + "]}";
    }
}
