package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models that fill masks over real HTTP, with what transformers' pipeline gives for a hundred texts. */
class FillMaskTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double EXACT = 1e-5;

    private static RunningServer running;

    @BeforeAll
    static void start() throws IOException {
        running = RunningServer.of(
                ServerOptions.of("127.0.0.1", 0),
                Golden.folder("fill-mask/wordpiece"),
                Golden.folder("fill-mask/byte-level"));
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-level"})
    void answersAreThePipelines(String model) throws IOException {
        int several = 0;
        JsonNode cases = cases(model);
        assertThat(cases).hasSize(100);
        for (JsonNode one : cases) {
            ObjectNode request =
                    JSON.createObjectNode().put("inputs", one.path("text").asText());
            request.set("parameters", one.path("parameters"));
            JsonNode answer = ok(running.post("/models/" + model, request.toString()));
            assertSame(answer, one.path("answer"), one.path("text").asText());
            several += answer.path(0).isArray() ? 1 : 0;
        }
        assertThat(several).as("texts with several masks").isPositive();
    }

    private static void assertSame(JsonNode actual, JsonNode expected, String text) {
        assertThat(actual.isArray()).as(text).isEqualTo(expected.isArray());
        if (expected.isArray()) {
            assertThat(actual).as(text).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                assertSame(actual.path(i), expected.path(i), text);
            }
            return;
        }
        assertThat(actual.path("token").asInt())
                .as(text)
                .isEqualTo(expected.path("token").asInt());
        assertThat(actual.path("token_str").asText())
                .as(text)
                .isEqualTo(expected.path("token_str").asText());
        assertThat(actual.path("sequence").asText())
                .as(text)
                .isEqualTo(expected.path("sequence").asText());
        assertThat(actual.path("score").asDouble())
                .as(text)
                .isCloseTo(expected.path("score").asDouble(), within(EXACT));
        assertThat(actual.size()).isEqualTo(4);
    }

    @Test
    void severalTextsHaveAListOfAnswersAndAListOfOneHasNone() throws IOException {
        JsonNode one = ask("{\"inputs\": [\"Sarah [MASK].\"]}");
        assertThat(one.path(0).path("token").isInt()).isTrue();
        JsonNode two = ask("{\"inputs\": [\"Sarah [MASK].\", \"[MASK] lives in [MASK].\"]}");
        assertThat(two.path(0)).isEqualTo(one);
        assertThat(two.path(1)).hasSize(2).allMatch(mask -> mask.isArray() && mask.size() == 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"inputs\": \"Sarah lives.\"}| No mask_token ([MASK]) found on the input| 422",
                "{\"inputs\": [\"[MASK]\", \"Sarah\"]}| No mask_token ([MASK]) found on the input| 422",
                "{\"inputs\": \"[MASK]\", \"parameters\": {\"targets\": []}}"
                        + "| At least one target must be provided when passed.| 422",
                "{\"inputs\": \"[MASK]\", \"parameters\": {\"targets\": [1]}}"
                        + "| `targets` must be a string or a list of strings| 422",
                "{\"inputs\": \"[MASK]\", \"parameters\": {\"top_k\": 0}}"
                        + "| `top_k` must be a whole number, at least 1| 422",
                "{\"inputs\": {\"text\": \"[MASK]\", \"text_pair\": \"b\"}}"
                        + "| the model fills masks of single texts; it takes no pairs| 400"
            })
    void whatCannotBeAnsweredIsSaid(String request, String message, int status) throws IOException {
        HttpResponse<String> response = running.post("/models/wordpiece", request);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).path("error").asText()).isEqualTo(message);
    }

    @Test
    void theOpenInferenceProtocolHasTheSameAsStrings() throws IOException {
        JsonNode response = ok(running.post(
                "/v2/models/wordpiece/infer",
                "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [2],"
                        + " \"data\": [\"Sarah [MASK].\", \"[MASK] lives\"]}], \"parameters\": {\"top_k\": 2,"
                        + " \"targets\": [\"in\", \"Zürich\"]}}"));
        JsonNode output = response.path("outputs").path(0);
        assertThat(output.path("name").asText()).isEqualTo("fillings");
        assertThat(output.path("datatype").asText()).isEqualTo("BYTES");
        assertThat(output.path("data")).hasSize(2);
        assertThat(JSON.readTree(output.path("data").path(0).asText()))
                .isEqualTo(ask("{\"inputs\": \"Sarah [MASK].\", \"parameters\": {\"top_k\": 2,"
                        + " \"targets\": [\"in\", \"Zürich\"]}}"));
        JsonNode metadata = ok(running.get("/v2/models/wordpiece"));
        assertThat(metadata.path("outputs")).hasSize(1);
    }

    @Test
    void modelsSayWhatTheyAreFor() throws IOException {
        JsonNode models = ok(running.get("/models"));
        assertThat(models).extracting(model -> model.path("task").asText()).containsOnly("fill-mask");
        assertThat(models)
                .extracting(model -> model.path("mask_token").asText())
                .containsExactlyInAnyOrder("[MASK]", "<mask>");
        HttpResponse<String> tei = running.post("/predict", "{\"inputs\": \"Sarah [MASK].\"}");
        assertThat(tei.statusCode()).isEqualTo(400);
    }

    private static JsonNode ask(String request) throws IOException {
        return ok(running.post("/models/wordpiece", request));
    }

    private static JsonNode ok(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static JsonNode cases(String model) {
        return JsonFile.readObject(Golden.folder("fill-mask/" + model).resolve("answers.json"))
                .path("cases");
    }
}
