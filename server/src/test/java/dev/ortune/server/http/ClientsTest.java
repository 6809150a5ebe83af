package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TinyClassifier;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients of Hugging Face's servers send, byte for byte, to the addresses that their users give them. */
@Timeout(60)
class ClientsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static RunningServer texts;
    private static RunningServer tokens;
    private static RunningServer both;

    @BeforeAll
    static void start() throws IOException {
        ServerOptions options = ServerOptions.of("127.0.0.1", 0);
        Path tiny = TinyClassifier.write(folder.resolve("tiny"));
        Path wordpiece = Golden.folder("token-classification/wordpiece");
        texts = RunningServer.of(options, tiny);
        tokens = RunningServer.of(options, wordpiece);
        both = RunningServer.of(options, tiny, wordpiece);
    }

    @AfterAll
    static void stop() {
        texts.close();
        tokens.close();
        both.close();
    }

    /** {@code InferenceClient(url).text_classification("w100")} of huggingface_hub 1.33, which takes the first of the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/models/tiny"})
    void pythonsInferenceClientClassifiesTexts(String path) throws IOException {
        JsonNode answer =
                ok(texts.post(path, "{\"inputs\": \"w100\", \"parameters\": {}}", "Content-Type", "application/json"));
        assertThat(answer.get(0)).hasSize(3);
        assertThat(answer.at("/0/0/label").asText()).isEqualTo("yes");
        assertThat(answer.at("/0/0/score").asDouble()).isCloseTo(TinyClassifier.probabilities(100)[2], within(1e-6));
        String most = "{\"inputs\": \"w100\", \"parameters\": {\"function_to_apply\": \"none\", \"top_k\": 1}}";
        assertThat(ok(texts.post(path, most)).at("/0")).hasSize(1);
    }

    /** {@code InferenceClient(url).token_classification("Sarah lives in Berlin.")}. */
    @ParameterizedTest
    @ValueSource(strings = {"/", "/models/wordpiece", "/invocations"})
    void pythonsInferenceClientFindsEntities(String path) throws IOException {
        String text = Golden.texts().get(99);
        String body = JSON.writeValueAsString(
                JSON.createObjectNode().put("inputs", text).set("parameters", JSON.createObjectNode()));
        JsonNode answer = ok(tokens.post(path, body, "Content-Type", "application/json"));
        assertThat(answer.isArray()).isTrue();
        assertThat(answer).isNotEmpty().allSatisfy(entity -> assertThat(entity.has("entity_group"))
                .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/invocations"})
    void theRootIsPredict(String path) throws IOException {
        String body = "{\"inputs\": [[\"w1\"], [\"w2\", \"w3\"]], \"raw_scores\": true}";
        assertThat(ok(texts.post(path, body))).isEqualTo(ok(texts.post("/predict", body)));
        assertThat(ok(texts.post(path, "{\"inputs\": \"w1\"}")))
                .isEqualTo(ok(texts.post("/predict", "{\"inputs\": \"w1\"}")));
    }

    @Test
    void whatIsPostedToTheRootNeedsTheKey() throws IOException {
        ServerOptions options = SecurityTest.options(List.of("key"), List.of(), null);
        try (RunningServer locked = new RunningServer(folder.resolve("locked"), options, "tiny")) {
            assertThat(locked.post("/", "{\"inputs\": \"w1\"}").statusCode()).isEqualTo(401);
            assertThat(locked.get("/").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"text": "w1", "text_pair": "w2"}
            [{"text": "w1", "text_pair": "w2"}]
            [["w1", "w2"]]
            """)
    void pairsAreObjectsAsInTransformersPipeline(String inputs) throws IOException {
        JsonNode answer = ok(texts.post("/models/tiny", "{\"inputs\": " + inputs + "}"));
        assertThat(answer).hasSize(1);
        assertThat(answer.at("/0/0/score").asDouble()).isCloseTo(TinyClassifier.probabilities(1, 2)[2], within(1e-6));
    }

    @Test
    void pairsAndTextsMayBeMixed() throws IOException {
        JsonNode answer = ok(texts.post(
                "/models/tiny",
                "{\"inputs\": [\"w1\", {\"text\": \"w2\"}, {\"text\": \"w3\", \"text_pair\": \"w4\"}, {\"text\": \"w5\","
                        + " \"text_pair\": null}]}"));
        int[][] words = {{1}, {2}, {3, 4}, {5}};
        for (int i = 0; i < words.length; i++) {
            assertThat(answer.path(i).at("/0/score").asDouble())
                    .isCloseTo(TinyClassifier.probabilities(words[i])[2], within(1e-6));
        }
        assertError(texts.post("/models/tiny", "{\"inputs\": {\"texts\": \"w1\"}}"), 422, "an object with `text`");
        assertError(
                tokens.post("/models/wordpiece", "{\"inputs\": {\"text\": \"a\", \"text_pair\": \"b\"}}"),
                400,
                "no pairs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict     | {"inputs": "w1"}
            /            | {"inputs": "w1"}
            /invocations | {"inputs": "w1"}
            /interpret   | {"inputs": "w1"}
            /tokenize    | {"inputs": "w1"}
            /decode      | {"ids": [2]}
            """)
    void ofSeveralModelsOneIsNamed(String path, String body) throws IOException {
        assertThat(both.post(path, body, "X-Model", "tiny").statusCode()).isEqualTo(200);
        assertError(
                both.post(path, body),
                400,
                "several models are served; the header X-Model names the one to ask: tiny, wordpiece");
        assertError(both.post(path, body, "X-Model", "none"), 404, "there are tiny, wordpiece");
        assertThat(texts.post(path, body).statusCode()).isEqualTo(200);
        assertThat(ok(both.get("/info", "X-Model", "wordpiece"))
                        .path("model_id")
                        .asText())
                .isEqualTo("wordpiece");
    }

    /** As text-embeddings-inference has it: places count bytes of UTF-8. */
    @Test
    void tokensAndTheirPlaces() throws IOException {
        JsonNode answer = ok(tokens.post("/tokenize", "{\"inputs\": [\"é Sarah\", \"Berlin\"]}"));
        assertThat(answer).hasSize(2);
        JsonNode first = answer.at("/0/0");
        assertThat(first.path("text").asText()).isEqualTo("[CLS]");
        assertThat(first.path("special").asBoolean()).isTrue();
        assertThat(first.path("start").isNull()).isTrue();
        assertThat(first.path("stop").isNull()).isTrue();
        assertThat(answer.at("/0/2/start").asInt()).isEqualTo(3);
        JsonNode bare = ok(tokens.post("/tokenize", "{\"inputs\": \"Berlin\", \"add_special_tokens\": false}"));
        assertThat(bare.get(0)).hasSize(answer.get(1).size() - 2);
        assertError(tokens.post("/tokenize", "{\"inputs\": 7}"), 422, "`inputs` must be a string");
        assertError(tokens.post("/tokenize", "{\"inputs\": \"\"}"), 400, "`inputs` cannot be empty");
    }

    @Test
    void tokensBecomeTextAgain() throws IOException {
        StringBuilder ids = new StringBuilder();
        for (JsonNode token : ok(tokens.post("/tokenize", "{\"inputs\": \"Sarah lives in Berlin.\"}"))
                .get(0)) {
            ids.append(ids.isEmpty() ? "" : ",").append(token.path("id").asInt());
        }
        JsonNode plain = ok(tokens.post("/decode", "{\"ids\": [" + ids + "]}"));
        assertThat(plain).hasSize(1);
        assertThat(plain.get(0).asText()).isEqualToIgnoringCase("Sarah lives in Berlin.");
        JsonNode whole = ok(tokens.post("/decode", "{\"ids\": [[" + ids + "], []], \"skip_special_tokens\": false}"));
        assertThat(whole.get(0).asText()).startsWith("[CLS] ").endsWith("[SEP]");
        assertThat(whole.get(1).asText()).isEmpty();
        assertThat(ok(tokens.post("/decode", "{\"ids\": [99999999]}")).get(0).asText())
                .isEmpty();
        assertError(tokens.post("/decode", "{\"ids\": [-1]}"), 422, "`ids` must be a list of whole numbers");
        assertError(tokens.post("/decode", "{\"ids\": \"1\"}"), 422, "`ids` must be a list of whole numbers");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs": "a"       | line 1, column 15: Unexpected end-of-input: expected close marker for Object (which begins at line 1, column 1)
            {"inputs": "a"} {    | line 1, column 17: there is something after its end
            """)
    void whatIsWrongWithJsonIsSaidWithoutTheParsersNames(String body, String message) throws IOException {
        HttpResponse<String> answer = texts.post("/predict", body);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("error").asText())
                .isEqualTo("the body is no valid JSON: " + message);
    }

    private static JsonNode ok(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static void assertError(HttpResponse<String> answer, int status, String message) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).contains(message);
    }
}
