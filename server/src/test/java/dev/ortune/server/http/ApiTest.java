package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.server.store.ModelStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three APIs over real HTTP, with verdicts that are computed here independently. */
class ApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;

    private static ModelStore models;
    private static HttpServer server;
    private static URI address;

    @BeforeAll
    static void start() throws IOException {
        BatchOptions options = new BatchOptions(256, 40, 32, 1, 1);
        models = ModelStore.open(
                List.of(TinyClassifier.write(folder.resolve("tiny"))), new InferenceOptions("auto", options));
        server = HttpServer.start(models, options, "127.0.0.1", 0);
        address = URI.create("http://127.0.0.1:" + server.port());
    }

    @AfterAll
    static void stop() {
        server.stop(Duration.ofSeconds(5));
        models.close();
    }

    @Test
    void teiAnswersOneTextWithOneList() {
        HttpResponse<String> response = post("/predict", "{\"inputs\": \"w10 w20\"}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        for (String header : List.of("x-total-time", "x-tokenization-time", "x-queue-time", "x-inference-time")) {
            assertThat(response.headers().firstValue(header).orElseThrow()).matches("\\d+");
        }
        assertThat(response.headers().firstValue("x-compute-tokens")).hasValue("2");
        assertThat(response.headers().firstValue("x-compute-type")).hasValue("cpu");
        assertList(json(response), TinyClassifier.probabilities(10, 20));
        assertThat(json(response).get(0).path("label").asText()).isEqualTo("yes");
    }

    @Test
    void teiAnswersABatchWithAListEach() {
        JsonNode lists = json(post("/predict", "{\"inputs\": [[\"w1\"], [\"w2\", \"w3\"], [\"w4 w5\"]]}"));
        assertThat(lists).hasSize(3);
        assertList(lists.get(0), TinyClassifier.probabilities(1));
        assertList(lists.get(1), TinyClassifier.probabilities(2, 3));
        assertList(lists.get(2), TinyClassifier.probabilities(4, 5));
    }

    @Test
    void teiTakesTwoStringsAsOnePairAndGivesLogitsWhenAsked() {
        JsonNode list = json(post("/predict", "{\"inputs\": [\"w7\", \"w8\"], \"raw_scores\": true}"));
        assertList(list, TinyClassifier.logits(7, 8));
    }

    @Test
    void tooLongTextsAreRefusedOrCutOnTheSideThatWasAskedFor() {
        String text = IntStream.rangeClosed(1, 20).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
        assertError(post("/predict", "{\"inputs\": \"" + text + "\"}"), 422, "Validation", "less than 16 tokens");
        int[] first = IntStream.rangeClosed(1, 16).toArray();
        int[] last = IntStream.rangeClosed(5, 20).toArray();
        String cut = "{\"inputs\": \"" + text + "\", \"truncate\": true, \"truncation_direction\": \"%s\"}";
        assertList(json(post("/predict", cut.formatted("Right"))), TinyClassifier.probabilities(first));
        assertList(json(post("/predict", cut.formatted("left"))), TinyClassifier.probabilities(last));
        String huggingFace = "{\"inputs\": \"" + text + "\"}";
        assertList(json(post("/models/tiny", huggingFace)).get(0), TinyClassifier.probabilities(first));
    }

    @Test
    void huggingFaceAnswersNestedEvenForOneText() {
        JsonNode one = json(post("/models/tiny", "{\"inputs\": \"w30\"}"));
        assertThat(one).hasSize(1);
        assertList(one.get(0), TinyClassifier.probabilities(30));
        JsonNode two = json(post("/models/tiny", "{\"inputs\": [\"w30\", \"w40\"], \"parameters\": {\"top_k\": 1}}"));
        assertThat(two).hasSize(2);
        assertThat(two.get(1)).hasSize(1);
        JsonNode none =
                json(post("/models/tiny", "{\"inputs\": \"w30\", \"parameters\": {\"function_to_apply\": \"none\"}}"));
        assertList(none.get(0), TinyClassifier.logits(30));
        JsonNode sigmoid = json(
                post("/models/tiny", "{\"inputs\": \"w30\", \"parameters\": {\"function_to_apply\": \"sigmoid\"}}"));
        assertThat(scores(sigmoid.get(0)).get("yes")).isCloseTo(1 / (1 + Math.exp(-0.3)), within(1e-5));
    }

    @Test
    void kserveDescribesItselfAndInfers() {
        assertThat(json(get("/v2")).path("name").asText()).isEqualTo("ortune");
        assertThat(get("/v2/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/v2/health/ready").statusCode()).isEqualTo(200);
        assertThat(json(get("/v2/models/tiny/versions/1/ready")).path("ready").asBoolean())
                .isTrue();
        assertThat(json(get("/v2/models/tiny")).at("/outputs/0/shape/1").asInt())
                .isEqualTo(3);
        JsonNode answer = json(post("/v2/models/tiny/infer", """
                {"id": "7", "inputs": [{"name": "x", "datatype": "BYTES", "shape": [2, 1], "data": ["w1", "w9"]}]}
                """));
        assertThat(answer.path("id").asText()).isEqualTo("7");
        assertThat(answer.at("/outputs/0/name").asText()).isEqualTo("probabilities");
        assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[2,3]");
        double[] expected = TinyClassifier.probabilities(9);
        for (int label = 0; label < 3; label++) {
            assertThat(answer.at("/outputs/0/data/" + (3 + label)).asDouble()).isCloseTo(expected[label], within(1e-5));
        }
        assertThat(answer.at("/outputs/1/data").toString()).isEqualTo("[\"yes\",\"yes\"]");
    }

    @Test
    void kserveGivesTheLikeliestClassesAndNumbersWhenAsked() {
        JsonNode answer = json(post("/v2/models/tiny/versions/1/infer", """
                {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["w100"]}],
                 "parameters": {"classification": 2}, "outputs": [{"name": "label"}, {"name": "output-0"}]}
                """));
        assertThat(answer.path("outputs")).hasSize(2);
        assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[1,2]");
        assertThat(answer.at("/outputs/0/data/0").asText()).endsWith(":2:yes");
        assertThat(answer.at("/outputs/0/data/1").asText()).endsWith(":1:maybe");
        assertThat(answer.at("/outputs/1/datatype").asText()).isEqualTo("INT64");
        assertThat(answer.at("/outputs/1/data/0").asInt()).isEqualTo(2);
    }

    /** As Triton's classification extension has it. */
    @Test
    void kserveListsClassesOfAnOutputWhenAsked() {
        JsonNode answer = json(post("/v2/models/tiny/infer", """
                {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [2], "data": ["w100", "w0"]}],
                 "outputs": [{"name": "label"}, {"name": "probabilities", "parameters": {"classification": 2}}]}
                """));
        assertThat(answer.path("outputs")).hasSize(2);
        assertThat(answer.at("/outputs/0").toString())
                .isEqualTo("{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":[\"yes\",\"no\"]}");
        JsonNode classes = answer.at("/outputs/1");
        assertThat(classes.path("name").asText()).isEqualTo("probabilities");
        assertThat(classes.path("datatype").asText()).isEqualTo("BYTES");
        assertThat(classes.path("shape").toString()).isEqualTo("[2,2]");
        String first = classes.at("/data/0").asText();
        assertThat(first).endsWith(":2:yes");
        assertThat(Double.parseDouble(first.substring(0, first.indexOf(':'))))
                .isCloseTo(TinyClassifier.probabilities(100)[2], within(1e-5));
        assertThat(classes.at("/data/1").asText()).endsWith(":1:maybe");
        assertThat(classes.at("/data/2").asText()).endsWith(":0:no");
        assertThat(json(get("/v2")).at("/extensions/0").asText()).isEqualTo("classification");
    }

    @Test
    void interpretTellsWhatEachWordDoes() {
        JsonNode answer = json(post("/interpret", "{\"inputs\": \"w150 , w20\", \"method\": \"occlusion\"}"));
        double[] whole = TinyClassifier.probabilities(150, 20);
        assertThat(answer.path("label").asText()).isEqualTo("yes");
        assertThat(answer.path("probability").asDouble()).isCloseTo(whole[2], within(1e-5));
        assertThat(answer.path("words")).hasSize(2);
        JsonNode second = answer.at("/words/1");
        assertThat(second.path("text").asText()).isEqualTo("w20");
        assertThat(second.path("start").asInt()).isEqualTo(7);
        assertThat(second.path("end").asInt()).isEqualTo(10);
        assertThat(second.path("share").asDouble())
                .isCloseTo(whole[2] - TinyClassifier.probabilities(150)[2], within(1e-5));
    }

    @Test
    void thePageComesWithAStrictPolicy() {
        HttpResponse<String> page = get("/");
        assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'self'");
        assertThat(get("/page/app.js").statusCode()).isEqualTo(200);
        assertThat(get("/page/..%2fapp.js").statusCode()).isIn(400, 404);
    }

    @Test
    void infoSaysWhatIsServed() {
        JsonNode info = json(get("/info"));
        assertThat(info.path("model_id").asText()).isEqualTo("tiny");
        assertThat(info.at("/model_type/classifier/id2label/2").asText()).isEqualTo("yes");
        assertThat(info.path("max_input_length").asInt()).isEqualTo(16);
        assertThat(json(get("/models")).at("/0/labels").toString()).isEqualTo("[\"no\",\"maybe\",\"yes\"]");
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/ping").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict | {"inputs": ""}                                       | 400 | Empty
            /predict | {"inputs": []}                                       | 400 | Empty
            /predict | {"inputs": [["w1"], []]}                             | 400 | Empty
            /predict | {}                                                   | 422 | Validation
            /predict | {"inputs": null}                                     | 422 | Validation
            /predict | {"inputs": 3}                                        | 422 | Validation
            /predict | {"inputs": ["a", "b", "c"]}                          | 422 | Validation
            /predict | {"inputs": [["a"], "b"]}                             | 422 | Validation
            /predict | {"inputs": "w1", "truncate": "yes"}                  | 422 | Validation
            /predict | {"inputs": "w1", "truncation_direction": "up"}       | 422 | Validation
            /predict | {"inputs": "w1"                                      | 422 | Validation
            /predict | {"inputs": "w1"} x                                   | 422 | Validation
            /predict | [1]                                                  | 422 | Validation
            /predict | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[             | 422 | Validation
            /models/tiny | {"inputs": [1]}                                  | 422 | Validation
            /models/tiny | {"inputs": []}                                   | 400 | Empty
            /models/tiny | {"inputs": "w1", "parameters": {"top_k": 0}}     | 422 | Validation
            /models/tiny | {"inputs": "w1", "parameters": 3}                | 422 | Validation
            /models/tiny | {"inputs": "w1", "parameters": {"function_to_apply": "max"}} | 422 | Validation
            /models/none | {"inputs": "w1"}                                 | 404 | NotFound
            /v2/models/tiny/infer | {                                       | 400 | Validation
            /v2/models/tiny/infer | {}                                      | 400 | Validation
            /v2/models/none/infer | {}                                      | 404 | NotFound
            /v2/models/tiny/versions/2/infer | {}                           | 404 | NotFound
            /v2/models/tiny/infer | {"inputs": []}                          | 400 | Validation
            /v2/models/tiny/infer | {"inputs": [{"datatype": "BYTES", "shape": [1], "data": ["a"]}], "outputs": [{"name": "label", "parameters": {"classification": 0}}]} | 400 | Validation
            /v2/models/tiny/infer | {"inputs": [{"datatype": "FP32", "shape": [1], "data": [1]}]} | 400 | Validation
            /v2/models/tiny/infer | {"inputs": [{"datatype": "BYTES", "shape": [2], "data": ["a"]}]} | 400 | Validation
            /interpret | {"inputs": ["w1"]}                                 | 422 | Validation
            /interpret | {"inputs": "w1", "method": "magic"}                | 422 | Validation
            /interpret | {"inputs": "w1", "model": "none"}                  | 404 | NotFound
            /nothing | {}                                                   | 404 | Validation
            /info    | {}                                                   | 405 | Validation
            """)
    void whatCannotBeAnsweredIsSaid(String path, String body, int status, String type) {
        assertError(post(path, body), status, type, "");
    }

    @Test
    void whatIsTooMuchIsTurnedAway() {
        assertError(post("/predict", "{\"inputs\": \"" + "x".repeat(3 << 20) + "\"}"), 413, "PayloadTooLarge", "");
        String many = IntStream.range(0, 33).mapToObj(i -> "\"w1\"").collect(Collectors.joining(",", "[", "]"));
        assertError(post("/models/tiny", "{\"inputs\": " + many + "}"), 422, "Validation", "batch size 33 > ");
    }

    @Test
    void aFullQueueAnswers429AtOnceAndEverybodyElseIsServed() throws Exception {
        BatchOptions small = new BatchOptions(256, 4, 32, 1, 1);
        try (ModelStore narrow =
                ModelStore.open(List.of(folder.resolve("tiny")), new InferenceOptions("auto", small))) {
            HttpServer narrowServer = HttpServer.start(narrow, small, "127.0.0.1", 0);
            URI uri = URI.create("http://127.0.0.1:" + narrowServer.port() + "/models/tiny");
            HttpResponse<String> refused = CLIENT.send(
                    request(uri, "{\"inputs\": [\"w1\",\"w2\",\"w3\",\"w4\",\"w5\"]}"),
                    HttpResponse.BodyHandlers.ofString());
            assertError(refused, 429, "Overloaded", "overloaded");
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(CLIENT.send(request(uri, "{\"inputs\": \"w1\"}"), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            narrowServer.stop(Duration.ofSeconds(5));
        }
    }

    /** Hundreds of requests at once: each answer belongs to the words that asked for it. */
    @Test
    void noAnswerIsMixedUp() {
        Random random = new Random(11);
        List<int[]> asked = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            int[] words =
                    random.ints(1 + random.nextInt(12), 0, TinyClassifier.WORDS).toArray();
            String text = IntStream.of(words).mapToObj(word -> "w" + word).collect(Collectors.joining(" "));
            asked.add(words);
            answers.add(CLIENT.sendAsync(
                    request(address.resolve("/predict"), "{\"inputs\": \"" + text + "\"}"),
                    HttpResponse.BodyHandlers.ofString()));
            if (i % 24 == 23) {
                answers.get(i).join();
            }
        }
        int answered = 0;
        for (int i = 0; i < answers.size(); i++) {
            HttpResponse<String> response = answers.get(i).join();
            assertThat(response.statusCode()).isIn(200, 429);
            if (response.statusCode() == 200) {
                assertList(json(response), TinyClassifier.probabilities(asked.get(i)));
                answered++;
            }
        }
        assertThat(answered).isGreaterThan(300);
    }

    @Test
    void huggingFacesOwnClientUnderstandsIt() throws Exception {
        Assumptions.assumeTrue(found("node") && found("npm"), "no node and npm here: the npm client is not tried");
        Path work = Files.createDirectories(Path.of("target", "interop"));
        for (String file : List.of("package.json", "package-lock.json", ".npmrc", "ask.mjs")) {
            Files.copy(Path.of("interop", file), work.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        run(work, "npm", "ci");
        String request = "{\"inputs\": \"w50 w60\", \"parameters\": {\"top_k\": 2}}";
        JsonNode answer =
                JSON.readTree(run(work, "node", "ask.mjs", address + "/models/tiny", "textClassification", request));
        assertThat(answer).hasSize(2);
        assertThat(answer.get(0).path("label").asText()).isEqualTo("yes");
        assertThat(answer.get(0).path("score").asDouble())
                .isCloseTo(TinyClassifier.probabilities(50, 60)[2], within(1e-5));
    }

    private static boolean found(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    private static String run(Path work, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(work.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
        return output;
    }

    private static void assertList(JsonNode list, double[] expected) {
        Map<String, Double> scores = scores(list);
        double last = Double.POSITIVE_INFINITY;
        for (JsonNode entry : list) {
            assertThat(entry.path("score").asDouble()).isLessThanOrEqualTo(last);
            last = entry.path("score").asDouble();
        }
        assertThat(scores).hasSize(expected.length);
        for (int label = 0; label < expected.length; label++) {
            assertThat(scores.get(TinyClassifier.LABELS.get(label))).isCloseTo(expected[label], within(1e-5));
        }
    }

    private static Map<String, Double> scores(JsonNode list) {
        Map<String, Double> scores = new TreeMap<>();
        list.forEach(entry ->
                scores.put(entry.path("label").asText(), entry.path("score").asDouble()));
        return scores;
    }

    private static void assertError(HttpResponse<String> response, int status, String type, String message) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(json(response).path("error").asText()).contains(message).isNotEmpty();
        assertThat(json(response).path("error_type").asText()).isEqualTo(type);
    }

    private static HttpResponse<String> post(String path, String body) {
        return send(request(address.resolve(path), body));
    }

    private static HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(address.resolve(path)).build());
    }

    private static HttpRequest request(URI uri, String body) {
        return HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
