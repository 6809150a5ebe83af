package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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

/** Models that choose over real HTTP, with the probabilities that transformers' classes give; src/test/families/make.py made them. */
class MultipleChoiceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double EXACT = 1e-5;
    private static final String RAIN =
            "{\"context\": \"the cats sleep\", \"choices\": [\"it is cold\", \"dogs bark\"]}";

    private static RunningServer running;

    @BeforeAll
    static void start() throws IOException {
        running = RunningServer.of(
                ServerOptions.of("127.0.0.1", 0),
                Golden.folder("multiple-choice/bert-choice"),
                Golden.folder("multiple-choice/roberta-choice"));
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    /** The second model's graph takes three choices at a time, whatever is asked. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-choice", "roberta-choice"})
    void aHundredQuestionsAreAnsweredAsByTransformers(String model) throws IOException {
        JsonNode cases = JsonFile.readObject(
                        Golden.folder("multiple-choice/" + model).resolve("answers.json"))
                .path("cases");
        assertThat(cases).hasSize(100);
        for (JsonNode each : cases) {
            ObjectNode request = JSON.createObjectNode();
            ObjectNode inputs = (ObjectNode) each.deepCopy();
            inputs.remove("scores");
            request.set("inputs", inputs);
            JsonNode answer = ok(running.post("/models/" + model, request.toString()));
            assertThat(answer.path("scores")).hasSameSizeAs(each.path("scores"));
            for (int choice = 0; choice < answer.path("scores").size(); choice++) {
                assertThat(answer.path("scores").path(choice).asDouble())
                        .as(each.toString())
                        .isCloseTo(each.path("scores").path(choice).asDouble(), within(EXACT));
            }
            int best = answer.path("choice").asInt();
            assertThat(answer.path("answer")).isEqualTo(each.path("choices").path(best));
            assertThat(answer.path("score")).isEqualTo(answer.path("scores").path(best));
        }
    }

    @Test
    void listsOfQuestionsAreAnsweredByLists() throws IOException {
        JsonNode one = ask("{\"inputs\": " + RAIN + "}");
        assertThat(one.properties())
                .extracting(field -> field.getKey())
                .containsExactly("choice", "answer", "score", "scores");
        String three = "{\"question\": \"the cats sleep\", \"choices\": [\"it is cold\", \"dogs bark\", \"home\"]}";
        JsonNode several = ask("{\"inputs\": [" + RAIN + ", " + three + ", " + RAIN + "]}");
        assertThat(several).hasSize(3);
        assertSame(several.path(0).path("scores"), one.path("scores"));
        assertSame(several.path(2).path("scores"), one.path("scores"));
        JsonNode shares = several.path(1).path("scores");
        assertThat(shares).hasSize(3);
        assertThat(shares.path(0).asDouble() / shares.path(1).asDouble())
                .isCloseTo(
                        one.path("scores").path(0).asDouble()
                                / one.path("scores").path(1).asDouble(),
                        within(1e-4));
        assertSame(
                ok(running.post("/", "{\"inputs\": " + RAIN + "}", "X-Model", "bert-choice"))
                        .path("scores"),
                one.path("scores"));
    }

    @Test
    void tensorsHoldTheProbabilities() throws IOException {
        JsonNode metadata = ok(running.get("/v2/models/bert-choice"));
        assertThat(metadata.path("inputs").toString())
                .isEqualTo("[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[-1]},"
                        + "{\"name\":\"choices\",\"datatype\":\"BYTES\",\"shape\":[-1,-1]}]");
        assertThat(metadata.path("outputs"))
                .extracting(output -> output.path("name").asText())
                .containsExactly("probabilities", "choice");
        JsonNode one = ask("{\"inputs\": " + RAIN + "}");
        ObjectNode request = JSON.createObjectNode();
        ArrayNode inputs = request.putArray("inputs");
        ObjectNode text = inputs.addObject().put("name", "text").put("datatype", "BYTES");
        text.putArray("shape").add(2);
        text.putArray("data").add("the cats sleep").add("the cats sleep");
        ObjectNode choices = inputs.addObject().put("name", "choices").put("datatype", "BYTES");
        choices.putArray("shape").add(2).add(2);
        choices.putArray("data")
                .add("it is cold")
                .add("dogs bark")
                .add("dogs bark")
                .add("it is cold");
        JsonNode outputs = ok(running.post("/v2/models/bert-choice/infer", request.toString()))
                .path("outputs");
        assertThat(outputs.path(0).path("shape").toString()).isEqualTo("[2,2]");
        JsonNode data = outputs.path(0).path("data");
        assertThat(data.path(0).asDouble())
                .isCloseTo(one.path("scores").path(0).asDouble(), within(EXACT))
                .isCloseTo(data.path(3).asDouble(), within(EXACT));
        int best = one.path("choice").asInt();
        assertThat(outputs.path(1).path("data").toString()).isEqualTo("[" + best + "," + (1 - best) + "]");
        request.putArray("outputs").addObject().put("name", "choice");
        assertThat(ok(running.post("/v2/models/bert-choice/infer", request.toString()))
                        .path("outputs"))
                .hasSize(1);
    }

    @Test
    void theModelSaysWhatItIs() throws IOException {
        assertThat(ok(running.get("/models")).findValuesAsText("task")).containsOnly("multiple-choice");
        assertThat(ok(running.get("/info", "X-Model", "bert-choice"))
                        .path("model_type")
                        .has("multiple_choice"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict            | {"inputs": "Who?"}                                          | 400 | the model chooses one of several texts; POST /models/NAME takes a context with choices
            /interpret          | {"inputs": "Who?"}                                          | 400 | only a text's label with its probability can be interpreted
            /models/bert-choice | {"inputs": "Who?"}                                          | 422 | `inputs` must be an object with the strings `context`, `question` or both and with `choices`
            /models/bert-choice | {"inputs": {"context": "a", "choices": ["b"]}}              | 422 | `inputs` must be an object with the strings `context`, `question` or both and with `choices`
            /models/bert-choice | {"inputs": {"context": "a", "choices": ["b", 1]}}           | 422 | `inputs` must be an object with the strings
            /models/bert-choice | {"inputs": {"context": 1, "choices": ["b", "c"]}}           | 422 | `inputs` must be an object with the strings
            /models/bert-choice | {"inputs": {"choices": ["b", "c"]}}                         | 422 | `inputs` must be an object with the strings
            /models/bert-choice | {"inputs": {"context": "", "choices": ["b", "c"]}}          | 400 | `context` cannot be empty
            /models/bert-choice | {"inputs": {"question": "a", "choices": ["b", ""]}}         | 400 | `choices` cannot be empty
            /models/bert-choice | {"inputs": []}                                              | 400 | `inputs` cannot be empty
            /v2/models/bert-choice/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["Who?"]}]} | 400 | the model chooses one of several texts: it takes an input of shape [n], and one of [n, choices]
            /v2/models/bert-choice/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [2], "data": ["a", "b"]}, {"name": "y", "datatype": "BYTES", "shape": [1, 2], "data": ["c", "d"]}]} | 400 | texts and their choices must have shapes [n] or [n, 1] and [n, choices] with the same n
            /v2/models/bert-choice/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["a"]}, {"name": "y", "datatype": "BYTES", "shape": [1, 2], "data": ["c", ""]}]} | 400 | choices must not be empty
            """)
    void whatItDoesNotDoIsRefusedInOneLine(String path, String request, int status, String reason) throws IOException {
        HttpResponse<String> answer = running.post(path, request, "X-Model", "bert-choice");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).startsWith(reason);
    }

    private static void assertSame(JsonNode actual, JsonNode expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.path(i).asDouble()).isCloseTo(expected.path(i).asDouble(), within(EXACT));
        }
    }

    private static JsonNode ask(String request) throws IOException {
        return ok(running.post("/models/bert-choice", request));
    }

    private static JsonNode ok(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
