package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A small GPT-2 over real HTTP, with what transformers' generate adds to fifty texts; vectors/generation has both. */
@Timeout(120)
class GenerationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path VECTORS = Path.of("../vectors/generation");

    @TempDir
    private static Path folder;

    private static RunningServer running;

    @BeforeAll
    static void start() throws IOException {
        Path whole =
                Files.createDirectories(folder.resolve("without-past/onnx")).getParent();
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(VECTORS.resolve("gpt2").resolve(name), whole.resolve(name));
        }
        Files.copy(VECTORS.resolve("gpt2/onnx/decoder_model.onnx"), whole.resolve("onnx/model.onnx"));
        running = RunningServer.of(
                ServerOptions.of("127.0.0.1", 0), VECTORS.resolve("gpt2"), whole, VECTORS.resolve("t5"));
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    private static List<JsonNode> cases() throws IOException {
        return cases("greedy.json");
    }

    private static List<JsonNode> cases(String file) throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        JSON.readTree(VECTORS.resolve(file).toFile()).forEach(cases::add);
        assertThat(cases).hasSize(50);
        return cases;
    }

    private static ObjectNode request(JsonNode one) {
        ObjectNode request =
                JSON.createObjectNode().put("inputs", one.path("text").asText());
        request.putObject("parameters")
                .put("max_new_tokens", one.path("ids").size())
                .put("details", true);
        return request;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "without-past"})
    void tokensAreThoseOfTransformers(String model) throws IOException {
        requireTokens(model, cases());
    }

    /** Another text behind an encoder, with what stands before each. */
    @Test
    void whatIsWrittenIsWhatTransformersWrites() throws IOException {
        requireTokens("t5", cases("written.json"));
    }

    private static void requireTokens(String model, List<JsonNode> cases) throws IOException {
        for (JsonNode one : cases) {
            JsonNode answer = ok(running.post("/generate", request(one).toString(), ModelChoice.HEADER, model));
            List<Long> ids = new ArrayList<>();
            StringBuilder texts = new StringBuilder();
            answer.at("/details/tokens").forEach(token -> {
                ids.add(token.path("id").asLong());
                texts.append(token.path("text").asText());
                assertThat(token.path("logprob").asDouble()).isLessThanOrEqualTo(0);
            });
            List<Long> expected = new ArrayList<>();
            one.path("ids").forEach(id -> expected.add(id.asLong()));
            assertThat(ids).as(one.path("text").asText()).isEqualTo(expected);
            assertThat(answer.path("generated_text").asText())
                    .isEqualTo(one.path("added").asText())
                    .isEqualTo(texts.toString());
            assertThat(answer.at("/details/input_length").asInt())
                    .isEqualTo(one.path("prompt").size());
        }
    }

    /** Twenty ways to search, over keys and values that are kept, over whole texts, and behind an encoder. */
    @ParameterizedTest
    @CsvSource({"gpt2,greedy.json", "without-past,greedy.json", "t5,written.json"})
    void beamsFindWhatTransformersFinds(String model, String file) throws IOException {
        List<JsonNode> searched =
                cases(file).stream().filter(one -> one.has("beams")).toList();
        assertThat(searched).hasSize(20);
        int others = 0;
        for (JsonNode one : searched) {
            ObjectNode request = JSON.createObjectNode();
            request.put("inputs", one.path("text").asText());
            request.putObject("parameters")
                    .put("max_new_tokens", 24)
                    .put("details", true)
                    .setAll((ObjectNode) one.at("/beams/parameters"));
            JsonNode answer = ok(running.post("/generate", request.toString(), ModelChoice.HEADER, model));
            List<Long> ids = new ArrayList<>();
            answer.at("/details/tokens")
                    .forEach(token -> ids.add(token.path("id").asLong()));
            List<Long> expected = new ArrayList<>();
            one.at("/beams/ids").forEach(id -> expected.add(id.asLong()));
            assertThat(ids).as(request.toString()).isEqualTo(expected);
            others += one.at("/beams/ids").equals(one.path("ids")) ? 0 : 1;
            List<JsonNode> events =
                    events(running.post("/generate_stream", request.toString(), ModelChoice.HEADER, model));
            assertThat(events).hasSize(ids.size());
            assertThat(events.get(events.size() - 1).path("generated_text").asText())
                    .isEqualTo(answer.path("generated_text").asText());
        }
        assertThat(others).as("texts that are others than the greedy ones").isGreaterThan(5);
    }

    @Test
    void huggingFacesApiGivesWhatIsWrittenAlone() throws IOException {
        JsonNode one = cases("written.json").get(0);
        JsonNode answer = ok(running.post("/models/t5", request(one).toString()));
        assertThat(answer.path(0).path("generated_text").asText())
                .isEqualTo(one.path("added").asText());
        JsonNode model = ok(running.get("/v2/models/t5"));
        assertThat(model.toString()).contains("generated_text");
    }

    @Test
    void tokensAreCounted() throws IOException {
        generated("{\"inputs\": \"the\", \"parameters\": {\"max_new_tokens\": 3}}");
        String metrics = running.get("/metrics").body();
        assertThat(metrics)
                .containsPattern("tgi_request_generated_tokens_count\\{model=\"gpt2\"} [1-9]")
                .containsPattern("te_request_success\\{method=\"single\",model=\"gpt2\"} [1-9]");
    }

    @Test
    void beamsAreRefusedWhereTheyCannotBe() throws IOException {
        for (String parameters : List.of(
                "{\"num_beams\": 0}",
                "{\"num_beams\": 33}",
                "{\"num_beams\": 2, \"do_sample\": true}",
                "{\"num_beams\": 2, \"early_stopping\": \"soon\"}",
                "{\"num_beams\": 2, \"length_penalty\": \"long\"}")) {
            HttpResponse<String> refused = running.post(
                    "/generate",
                    "{\"inputs\": \"the\", \"parameters\": " + parameters + "}",
                    ModelChoice.HEADER,
                    "gpt2");
            assertThat(refused.statusCode()).as(parameters).isEqualTo(422);
        }
    }

    @Test
    void whatIsStreamedIsTheSame() throws IOException {
        for (JsonNode one : cases().subList(0, 10)) {
            HttpResponse<String> response =
                    running.post("/generate_stream", request(one).toString(), ModelChoice.HEADER, "gpt2");
            assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
            List<JsonNode> events = events(response);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < events.size(); i++) {
                assertThat(events.get(i).path("index").asInt()).isEqualTo(i + 1);
                assertThat(events.get(i).at("/token/id").asInt())
                        .isEqualTo(one.path("ids").get(i).asInt());
                text.append(events.get(i).at("/token/text").asText());
                assertThat(events.get(i).path("generated_text").isNull()).isEqualTo(i < events.size() - 1);
            }
            JsonNode last = events.get(events.size() - 1);
            assertThat(last.path("generated_text").asText())
                    .isEqualTo(one.path("added").asText())
                    .isEqualTo(text.toString());
            assertThat(last.at("/details/finish_reason").asText()).isIn("length", "eos_token");
        }
    }

    /** The likeliest tokens, whole and streamed, as transformers writes them; the model is named by body or path. */
    @Test
    void openAisCompletionsAreTheSameTexts() throws IOException {
        for (JsonNode one : cases().subList(0, 10)) {
            ObjectNode request = completion(one);
            JsonNode answer = ok(running.post("/v1/completions", request.toString()));
            assertThat(answer.at("/choices/0/text").asText())
                    .isEqualTo(one.path("added").asText());
            assertThat(answer.at("/choices/0/finish_reason").asText()).isIn("length", "stop");
            assertThat(answer.at("/usage/prompt_tokens").asInt())
                    .isEqualTo(one.path("prompt").size());
            assertThat(answer.at("/usage/completion_tokens").asInt())
                    .isEqualTo(one.path("ids").size());
            assertThat(answer.path("model").asText()).isEqualTo("gpt2");
            request.remove("model");
            request.put("stream", true).putObject("stream_options").put("include_usage", true);
            String streamed = running.post("/models/gpt2/v1/completions", request.toString())
                    .body();
            assertThat(streamed).endsWith("data: [DONE]\n\n");
            List<JsonNode> events = completions(streamed);
            JsonNode usage = events.remove(events.size() - 1);
            assertThat(usage.path("choices").isEmpty()).isTrue();
            assertThat(usage.path("usage")).isEqualTo(answer.path("usage"));
            assertThat(texts(events)).isEqualTo(one.path("added").asText());
            assertThat(events.get(events.size() - 1).at("/choices/0/finish_reason"))
                    .isEqualTo(answer.at("/choices/0/finish_reason"));
        }
    }

    /** Whatever part of a text ends it, as one string or the second of two. */
    @Test
    void aCompletionHasNothingOfWhatEndsIt() throws IOException {
        JsonNode one = cases().get(0);
        String added = one.path("added").asText();
        int cut = 0;
        for (int from = 1; from + 3 <= added.length(); from += 2) {
            String stop = added.substring(from, from + 3);
            if (added.codePoints().anyMatch(point -> point == 0xfffd) && stop.indexOf(0xfffd) >= 0) {
                continue;
            }
            ObjectNode request = completion(one);
            request.putArray("stop").add("no such string").add(stop);
            String whole = ok(running.post("/v1/completions", request.toString()))
                    .at("/choices/0/text")
                    .asText();
            assertThat(whole).as(stop).isEqualTo(added.substring(0, added.indexOf(stop)));
            List<JsonNode> events = completions(
                    running.post("/v1/completions", request.put("stream", true).toString())
                            .body());
            assertThat(texts(events)).as(stop).isEqualTo(whole);
            cut++;
        }
        assertThat(cut).isGreaterThan(3);
        ObjectNode echoed = completion(one).put("echo", true);
        assertThat(ok(running.post("/v1/completions", echoed.toString()))
                        .at("/choices/0/text")
                        .asText())
                .isEqualTo(one.path("text").asText() + added);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"prompt": "a"}                                         | 400 | several models are served
            {"prompt": "a", "model": "none"}                        | 404 | no such model
            {"model": "gpt2"}                                       | 422 | missing field `prompt`
            {"model": "gpt2", "prompt": ["a", "b"]}                 | 422 | `prompt` must be a string
            {"model": "gpt2", "prompt": "a", "max_tokens": 0}       | 422 | `max_tokens` must be strictly positive
            {"model": "gpt2", "prompt": "a", "n": 2}                | 422 | `n` is not supported
            {"model": "gpt2", "prompt": "a", "logprobs": 3}         | 422 | `logprobs` is not supported
            {"model": "gpt2", "prompt": "a", "logit_bias": {"5": 1}} | 422 | `logit_bias` is not supported
            """)
    void otherCompletionsAreRefused(String body, int status, String message) throws IOException {
        HttpResponse<String> response = running.post("/v1/completions", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).path("error").asText()).contains(message);
    }

    private static ObjectNode completion(JsonNode one) {
        return JSON.createObjectNode()
                .put("model", "gpt2")
                .put("prompt", one.path("text").asText())
                .put("max_tokens", one.path("ids").size())
                .put("temperature", 0);
    }

    private static List<JsonNode> completions(String streamed) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (String event : streamed.split("\n\n", -1)) {
            if (event.startsWith("data: {")) {
                events.add(JSON.readTree(event.substring("data: ".length())));
            }
        }
        return events;
    }

    private static String texts(List<JsonNode> events) {
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.at("/choices/0/text").asText()));
        return text.toString();
    }

    private static List<JsonNode> events(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<JsonNode> events = new ArrayList<>();
        for (String event : response.body().split("\n\n", -1)) {
            if (!event.isEmpty()) {
                assertThat(event).startsWith("data:");
                events.add(JSON.readTree(event.substring("data:".length())));
            }
        }
        return events;
    }

    @Test
    void huggingFacesApiGivesTheTextBeforeToo() throws IOException {
        JsonNode one = cases().get(0);
        ObjectNode request = request(one);
        JsonNode answer = ok(running.post("/models/gpt2", request.toString()));
        assertThat(answer).hasSize(1);
        assertThat(answer.path(0).path("generated_text").asText())
                .isEqualTo(one.path("text").asText() + one.path("added").asText());
        List<JsonNode> events =
                events(running.post("/models/gpt2", request.put("stream", true).toString()));
        assertThat(events.get(events.size() - 1).path("generated_text").asText())
                .isEqualTo(one.path("added").asText());
    }

    @Test
    void aSeedDrawsTheSameAndSamplingOfOneIsGreedy() throws IOException {
        String drawn = "{\"inputs\": \"the old house\", \"parameters\": {\"max_new_tokens\": 20, \"temperature\": 1.5,"
                + " \"top_k\": 40, \"top_p\": 0.95, \"seed\": %d}}";
        String first = generated(String.format(drawn, 1));
        assertThat(generated(String.format(drawn, 1))).isEqualTo(first);
        List<String> others = new ArrayList<>();
        for (int seed = 2; seed < 8; seed++) {
            others.add(generated(String.format(drawn, seed)));
        }
        assertThat(others).anyMatch(other -> !other.equals(first));
        JsonNode one = cases().get(3);
        ObjectNode request = request(one);
        ((ObjectNode) request.path("parameters")).put("do_sample", true).put("top_k", 1);
        assertThat(generated(request.toString())).isEqualTo(one.path("added").asText());
    }

    private static String generated(String request) throws IOException {
        return ok(running.post("/generate", request, ModelChoice.HEADER, "gpt2"))
                .path("generated_text")
                .asText();
    }

    @Test
    void aStopStringEndsTheText() throws IOException {
        JsonNode one = cases().stream()
                .filter(each -> each.path("added").asText().length() > 12)
                .findFirst()
                .orElseThrow();
        String whole = one.path("added").asText();
        String stop = whole.substring(5, 8);
        ObjectNode request = request(one);
        ((ObjectNode) request.path("parameters")).putArray("stop").add(stop);
        JsonNode answer = ok(running.post("/generate", request.toString(), ModelChoice.HEADER, "gpt2"));
        assertThat(answer.at("/details/finish_reason").asText()).isEqualTo("stop_sequence");
        assertThat(whole).startsWith(answer.path("generated_text").asText());
        assertThat(answer.path("generated_text").asText()).contains(stop);
        assertThat(answer.at("/details/generated_tokens").asInt())
                .isLessThan(one.path("ids").size());
    }

    @Test
    void manyAtOnceGetWhatTheyWouldAlone() throws IOException {
        List<JsonNode> cases = cases();
        List<CompletableFuture<HttpResponse<String>>> answers = cases.stream()
                .limit(24)
                .map(one -> CompletableFuture.supplyAsync(
                        () -> running.post("/generate", request(one).toString(), ModelChoice.HEADER, "gpt2")))
                .toList();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(ok(answers.get(i).join()).path("generated_text").asText())
                    .isEqualTo(cases.get(i).path("added").asText());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{\"inputs\": \"\"}|`inputs` cannot be empty",
                "422|{}|missing field `inputs`",
                "422|{\"inputs\": [\"a\", \"b\"]}|`inputs` must be a string",
                "422|{\"inputs\": \"a\", \"parameters\": {\"max_new_tokens\": 0}}|`max_new_tokens` must be strictly positive",
                "422|{\"inputs\": \"a\", \"parameters\": {\"temperature\": 0}}|`temperature` must be strictly positive",
                "422|{\"inputs\": \"a\", \"parameters\": {\"top_p\": 1.5}}|`top_p` must be > 0.0 and <= 1.0",
                "422|{\"inputs\": \"a\", \"parameters\": {\"top_k\": -1}}|`top_k` must be strictly positive",
                "422|{\"inputs\": \"a\", \"parameters\": {\"top_k\": 1.5}}|`top_k` must be a whole number",
                "422|{\"inputs\": \"a\", \"parameters\": {\"repetition_penalty\": 0}}|`repetition_penalty` must be",
                "422|{\"inputs\": \"a\", \"parameters\": {\"stop\": [1]}}|`stop` must be a list of strings",
                "422|{\"inputs\": \"a\", \"parameters\": {\"grammar\": {}}}|`grammar` is not supported"
            })
    void whatCannotBeIsRefused(int status, String body, String message) throws IOException {
        for (String path : List.of("/generate", "/generate_stream")) {
            HttpResponse<String> response = running.post(path, body, ModelChoice.HEADER, "gpt2");
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            assertThat(JSON.readTree(response.body()).path("error").asText()).contains(message);
        }
    }

    @Test
    void aTextLeavesRoomForAnotherTokenOrIsCut() throws IOException {
        String body = "{\"inputs\": \"" + "the storm ".repeat(200) + "\", \"parameters\": {\"max_new_tokens\": 4%s}}";
        HttpResponse<String> refused = running.post("/generate", String.format(body, ""), ModelChoice.HEADER, "gpt2");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        assertThat(generated(String.format(body, ", \"truncate\": 8"))).isNotEmpty();
    }

    @Test
    void otherProtocolsSayWhereToAsk() throws IOException {
        HttpResponse<String> tei = running.post("/predict", "{\"inputs\": \"a\"}", ModelChoice.HEADER, "gpt2");
        assertThat(tei.statusCode()).isEqualTo(400);
        assertThat(tei.body()).contains("POST /generate");
        JsonNode models = ok(running.get("/models"));
        assertThat(models.path(0).path("task").asText()).isEqualTo("text-generation");
    }

    private static JsonNode ok(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
