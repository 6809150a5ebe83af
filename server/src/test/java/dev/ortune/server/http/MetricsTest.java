package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads, by text-embeddings-inference's names. */
@Timeout(60)
class MetricsTest {
    @TempDir
    private Path folder;

    @Test
    void requestsAreCountedUnderTheNamesOfTextEmbeddingsInference() throws IOException {
        try (var running = new RunningServer(folder, ServerOptions.of("127.0.0.1", 0), "tiny")) {
            running.post("/predict", "{\"inputs\": \"w1 w2 w3\"}");
            running.post("/predict", "{\"inputs\": [[\"w1\"], [\"w2 w3\"]]}");
            running.post("/predict", "{\"inputs\": \"" + "w1 ".repeat(20) + "\"}");
            running.post("/models/tiny", "{\"inputs\": \"\"}");
            running.post("/models/tiny", "{\"inputs\": " + texts(33) + "}");
            running.post("/models/tiny", "{\"inputs\": " + texts(32) + "}");
            String scraped = until(running, "te_request_count{method=\"batch\"} 2.0");
            assertThat(scraped.lines())
                    .contains(
                            "# TYPE te_request_count counter",
                            "te_request_count{method=\"single\"} 2.0",
                            "te_request_success{method=\"single\"} 1.0",
                            "te_request_success{method=\"batch\"} 2.0",
                            "te_request_failure{err=\"tokenization\"} 1.0",
                            "te_request_failure{err=\"validation\"} 1.0",
                            "te_request_failure{err=\"batch_size\"} 1.0",
                            "te_predict_success 35.0",
                            "# TYPE te_request_duration histogram",
                            "te_request_duration_count 3",
                            "te_request_tokenization_duration_count 3",
                            "te_request_queue_duration_count 3",
                            "te_request_inference_duration_count 3",
                            "te_request_input_length_count 35",
                            "te_request_input_length_sum 38.0",
                            "te_request_input_length_bucket{le=\"2.0\"} 34",
                            "te_batch_next_tokens_sum 38.0",
                            "te_batch_next_size_sum 35.0",
                            "# TYPE te_queue_size gauge",
                            "te_queue_size 0.0");
            assertThat(scraped).contains("jvm_memory_used_bytes{", "jvm_threads_live_threads", "process_cpu_usage");
            assertThat(scraped).doesNotContain("te_request_count_total");
        }
    }

    @Test
    void bucketsAreThoseOfTextEmbeddingsInference() throws IOException {
        try (var running = new RunningServer(folder, ServerOptions.of("127.0.0.1", 0), "tiny")) {
            String scraped = running.get("/metrics").body();
            double bound = 0.00001;
            List<Double> durations = bounds(scraped, "te_request_queue_duration");
            assertThat(durations).hasSize(36);
            for (int i = 0; i < 35; i++) {
                bound *= 1.5;
                assertThat(durations.get(i)).isEqualTo(bound);
            }
            assertThat(bounds(scraped, "te_request_input_length"))
                    .containsExactly(1.0, 2.0, 4.0, 8.0, 16.0, Double.POSITIVE_INFINITY);
            assertThat(bounds(scraped, "te_batch_next_size")).hasSize(14).contains(4096.0);
            assertThat(bounds(scraped, "te_batch_next_tokens")).hasSize(22).contains(1048576.0);
        }
    }

    @Test
    void severalModelsAreToldApart() throws IOException {
        try (var running = new RunningServer(folder, ServerOptions.of("127.0.0.1", 0), "one", "two")) {
            running.post("/models/two", "{\"inputs\": \"w1\"}");
            running.post("/models/two", "{");
            String scraped = until(running, "te_request_count{method=\"single\",model=\"two\"} 1.0");
            assertThat(scraped.lines())
                    .contains(
                            "te_request_count{method=\"single\",model=\"one\"} 0.0",
                            "te_queue_size{model=\"one\"} 0.0",
                            "te_batch_next_size_count{model=\"two\"} 1",
                            "te_request_failure{err=\"validation\",model=\"\"} 1.0");
        }
    }

    private static String texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"w1\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static List<Double> bounds(String scraped, String name) {
        return scraped.lines()
                .filter(line -> line.startsWith(name + "_bucket{le=\""))
                .map(line -> line.substring(line.indexOf('"') + 1, line.lastIndexOf('"')))
                .map(bound -> bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.valueOf(bound))
                .toList();
    }

    /** A request is counted once its answer has left, which its client may learn first. */
    static String until(RunningServer running, String line) {
        String scraped;
        do {
            scraped = running.get("/metrics").body();
        } while (scraped.lines().noneMatch(line::equals));
        return scraped;
    }
}
