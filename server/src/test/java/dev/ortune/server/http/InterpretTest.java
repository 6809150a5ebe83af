package dev.ortune.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.RequestException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.batch.BatchListener;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.model.ServedModel;
import dev.ortune.predictor.model.VersionFolder;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.Truncation;
import dev.ortune.server.store.Lease;
import dev.ortune.server.store.ModelStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each word does to a verdict, over real HTTP, against what is computed here. */
@Timeout(60)
class InterpretTest {
    private static final int YES = 2;

    @TempDir
    private Path folder;

    private RunningServer start() throws IOException {
        return new RunningServer(folder, ServerOptions.of("127.0.0.1", 0), "tiny");
    }

    private static JsonNode interpret(RunningServer running, String text, String method) throws IOException {
        HttpResponse<String> response = running.post(
                "/interpret",
                new ObjectMapper()
                        .createObjectNode()
                        .put("inputs", text)
                        .put("method", method)
                        .toString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }

    private static double probability(List<Integer> words) {
        return TinyClassifier.probabilities(
                words.stream().mapToInt(Integer::intValue).toArray())[YES];
    }

    private static String text(int... words) {
        return Arrays.stream(words).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
    }

    @Test
    void shapleyValuesAreTheAverageOfWhatAWordAddsInEveryOrder() throws IOException {
        try (RunningServer running = start()) {
            JsonNode answer = interpret(running, text(150, 20, 7), "shapley");
            double a = probability(List.of(150));
            double b = probability(List.of(20));
            double c = probability(List.of(7));
            double ab = probability(List.of(150, 20));
            double ac = probability(List.of(150, 7));
            double bc = probability(List.of(20, 7));
            double abc = probability(List.of(150, 20, 7));
            double none = 1 / 3.0;
            double share = (2 * (a - none) + (ab - b) + (ac - c) + 2 * (abc - bc)) / 6;
            assertThat(answer.at("/words/0/share").asDouble()).isCloseTo(share, within(1e-6));
            assertThat(answer.path("method").asText()).isEqualTo("shapley");
            assertThat(answer.path("baseline").asDouble()).isCloseTo(none, within(1e-6));
            assertThat(answer.path("probability").asDouble()).isCloseTo(abc, within(1e-6));
            assertThat(sum(answer)).isCloseTo(abc - none, within(1e-6));
        }
    }

    /** More sets of words than may wait at the same time. */
    @Test
    void sharesOfManyWordsAddUpAndAreTheSameEveryTime() throws IOException {
        try (RunningServer running = start()) {
            String text = text(IntStream.range(1, 15).map(i -> 7 * i).toArray());
            JsonNode answer = interpret(running, text, "shapley");
            double difference = answer.path("probability").asDouble()
                    - answer.path("baseline").asDouble();
            assertThat(answer.path("words")).hasSize(14);
            assertThat(sum(answer)).isCloseTo(difference, within(1e-6));
            assertThat(answer.at("/words/13/share").asDouble())
                    .isGreaterThan(answer.at("/words/0/share").asDouble());
            assertThat(interpret(running, text, "shapley")).isEqualTo(answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"occlusion", "shapley"})
    void wordsThatTheModelDoesNotReadDoNothing(String method) throws IOException {
        try (RunningServer running = start()) {
            // Before the words a sign of two UTF-16 units, which is a token without weight.
            String text = "😀 " + text(IntStream.rangeClosed(1, 20).toArray());
            JsonNode answer = interpret(running, text, method);
            assertThat(answer.path("words")).hasSize(21);
            int[] read = IntStream.rangeClosed(1, 15).toArray();
            assertThat(answer.path("probability").asDouble())
                    .isCloseTo(TinyClassifier.probabilities(read)[YES], within(1e-5));
            for (int word = 1; word <= 20; word++) {
                JsonNode entry = answer.path("words").get(word);
                assertThat(entry.path("text").asText())
                        .isEqualTo("w" + word)
                        .isEqualTo(text.substring(
                                entry.path("start").asInt(), entry.path("end").asInt()));
                assertThat(entry.path("share").asDouble() > 0)
                        .as("word %d", word)
                        .isEqualTo(word <= 15);
            }
            if (method.equals("occlusion")) {
                double without = TinyClassifier.probabilities(Arrays.copyOfRange(read, 1, 15))[YES];
                assertThat(answer.at("/words/1/share").asDouble())
                        .isCloseTo(TinyClassifier.probabilities(read)[YES] - without, within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"w150", ", !", "w0 w0"})
    void aTextMayHaveOneWordOrNoneOrTwoThatAreAlike(String text) throws IOException {
        try (RunningServer running = start()) {
            JsonNode shapley = interpret(running, text, "shapley");
            JsonNode occlusion = interpret(running, text, "occlusion");
            assertThat(shapley.path("words")).hasSameSizeAs(occlusion.path("words"));
            double difference = shapley.path("probability").asDouble()
                    - shapley.path("baseline").asDouble();
            assertThat(sum(shapley)).isCloseTo(difference, within(1e-6));
        }
    }

    @Test
    void ofLabelsThatDoNotExcludeEachOtherTheLikeliestIsExplained() throws IOException {
        Path tiny = TinyClassifier.writeMultiLabel(folder.resolve("several"));
        try (RunningServer running = RunningServer.of(ServerOptions.of("127.0.0.1", 0), tiny)) {
            JsonNode answer = interpret(running, text(150, 20), "shapley");
            assertThat(answer.path("label").asText()).isEqualTo("yes");
            assertThat(answer.path("probability").asDouble()).isCloseTo(sigmoid(1.7), within(1e-6));
            double share = (sigmoid(1.5) - 0.5 + sigmoid(1.7) - sigmoid(0.2)) / 2;
            assertThat(answer.at("/words/0/share").asDouble()).isCloseTo(share, within(1e-6));
        }
    }

    private static double sigmoid(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    @Test
    void gradientsAreSaidToBeMissing() throws IOException {
        try (RunningServer running = start()) {
            HttpResponse<String> refused =
                    running.post("/interpret", "{\"inputs\": \"w1\", \"method\": \"integrated\"}");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("gradients", "occlusion", "shapley");
        }
    }

    @Test
    void textsThatAreTooLongAreRefusedBeforeAnythingIsRun() throws IOException {
        try (RunningServer running = start()) {
            assertThat(interpret(running, "w1 ".repeat(256), "occlusion").path("words"))
                    .hasSize(256);
            String before = MetricsTest.until(running, "te_request_count{method=\"batch\"} 1.0");
            assertTooLong(running, "w1 ".repeat(257), "257 words; at most 256 are interpreted");
            assertTooLong(running, ".".repeat(16_385), "16385 characters; at most 16384 are interpreted");
            String after = MetricsTest.until(running, "te_request_failure{err=\"validation\"} 2.0");
            assertThat(batches(after)).isEqualTo(batches(before));
            assertThat(interpret(running, ".".repeat(16_384), "occlusion").path("words"))
                    .isEmpty();
        }
    }

    private static void assertTooLong(RunningServer running, String text, String message) {
        HttpResponse<String> refused = running.post("/interpret", "{\"inputs\": \"" + text + "\"}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"`inputs` has " + message + "\",\"error_type\":\"Validation\"}");
    }

    private static String batches(String scraped) {
        return scraped.lines()
                .filter(line -> line.startsWith("te_batch_next_size_count"))
                .collect(Collectors.joining());
    }

    @Test
    void nothingMoreIsRunOnceNobodyWaits() throws Exception {
        TinyClassifier.write(folder.resolve("tiny"));
        VersionFolder version = VersionFolder.newestIn(folder.resolve("tiny"));
        try (ServedModel model = ServedModel.open(version, new InferenceOptions("auto", RunningServer.BATCHES))) {
            Gate gate = new Gate();
            model.listen(gate);
            List<EncodedText> texts = model.encode(Collections.nCopies(500, TextInput.of("w1")), Truncation.NONE);
            Rounds rounds = new Rounds(model, texts, 8);
            CompletableFuture<List<Prediction>> answer = rounds.run(Duration.ofMinutes(1));
            rounds.cancel();
            gate.open.countDown();
            assertThat(answer).failsWithin(Duration.ofSeconds(10));
            model.predict(List.of(TextInput.of("w1")), Truncation.NONE).get(0).join();
            assertThat(gate.run.get()).isLessThanOrEqualTo(8 + 1);
        }
    }

    @Test
    void aClientThatHangsUpStopsWhatItAskedFor() throws Exception {
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        InferenceOptions options = new InferenceOptions("auto", RunningServer.BATCHES);
        try (ModelStore models = ModelStore.open(List.of(tiny), options)) {
            HttpServer server = HttpServer.start(models, RunningServer.BATCHES, "127.0.0.1", 0);
            Gate gate = new Gate();
            try (Lease lease = models.first()) {
                lease.model().listen(gate);
                String body =
                        "{\"inputs\": \"" + text(IntStream.range(1, 15).toArray()) + "\", \"method\": \"shapley\"}";
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                    String head = "POST /interpret HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n";
                    client.getOutputStream().write((head.formatted(body.length()) + body).getBytes(US_ASCII));
                    gate.entered.await();
                }
                Thread.sleep(2000); // Until the server has seen it.
                gate.open.countDown();
                server.stop(Duration.ofSeconds(5));
                // All sets of 14 words are some hundred; those of the first batch run on, and what waited was dropped.
                assertThat(gate.run.get()).isLessThanOrEqualTo(RunningServer.BATCHES.maxClientBatchSize());
            }
        }
    }

    @Test
    void whatTakesTooLongIsGivenUp() throws Exception {
        TinyClassifier.write(folder.resolve("tiny"));
        VersionFolder version = VersionFolder.newestIn(folder.resolve("tiny"));
        try (ServedModel model = ServedModel.open(version, new InferenceOptions("auto", RunningServer.BATCHES))) {
            Gate gate = new Gate();
            model.listen(gate);
            List<EncodedText> texts = model.encode(Collections.nCopies(500, TextInput.of("w1")), Truncation.NONE);
            CompletableFuture<List<Prediction>> answer = new Rounds(model, texts, 8).run(Duration.ofMillis(200));
            assertThat(answer)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(TimeoutException.class);
            gate.open.countDown();
            model.predict(List.of(TextInput.of("w1")), Truncation.NONE).get(0).join();
            assertThat(gate.run.get()).isLessThanOrEqualTo(8 + 1);
            RequestException told = Errors.toRequestException(new TimeoutException());
            assertThat(told).hasMessage("the model did not answer in time");
            assertThat(told.type().status()).isEqualTo(424);
        }
    }

    /** Lets no batch run before it is opened. */
    private static final class Gate implements BatchListener {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch open = new CountDownLatch(1);
        private final AtomicInteger run = new AtomicInteger();

        @Override
        public void next(int texts, int tokens) {
            run.addAndGet(texts);
            entered.countDown();
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static double sum(JsonNode answer) {
        double sum = 0;
        for (JsonNode word : answer.path("words")) {
            sum += word.path("share").asDouble();
        }
        return sum;
    }
}
