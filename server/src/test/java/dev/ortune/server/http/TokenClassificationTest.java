package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Token classifiers over real HTTP, beside a text classifier, with the entities that transformers' pipeline gives. */
class TokenClassificationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double EXACT = 1e-5;
    private static final String SARAH = "Sarah lives in Berlin.";

    @TempDir
    private static Path folder;

    private static RunningServer running;

    @BeforeAll
    static void start() throws IOException {
        running = RunningServer.of(
                ServerOptions.of("127.0.0.1", 0),
                Golden.folder("token-classification/wordpiece"),
                Golden.folder("token-classification/byte-level"),
                TinyClassifier.write(folder.resolve("tiny")));
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-level"})
    void listsOfTextsAreAnsweredAsByThePipeline(String model) throws IOException {
        List<String> texts = Golden.texts();
        JsonNode golden = golden(model);
        for (String strategy : List.of("none", "simple", "first", "average", "max")) {
            for (int start = 0; start < texts.size(); start += 25) {
                ObjectNode request = JSON.createObjectNode();
                ArrayNode inputs = request.putArray("inputs");
                texts.subList(start, start + 25).forEach(inputs::add);
                request.putObject("parameters").put("aggregation_strategy", strategy);
                JsonNode lists = ok(running.post("/models/" + model, request.toString()));
                assertThat(lists).hasSize(25);
                for (int i = 0; i < 25; i++) {
                    assertSame(lists.path(i), golden.path(start + i).path(strategy), texts.get(start + i));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-level"})
    void oneTextHasAListOfItsOwnAndManyAtOnceHaveTheSame(String model) throws IOException {
        JsonNode golden = golden(model);
        List<String> texts = Golden.texts();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (String text : texts.subList(0, 32)) {
            String request = JSON.createObjectNode().put("inputs", text).toString();
            answers.add(CompletableFuture.supplyAsync(() -> running.post("/models/" + model, request)));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertSame(ok(answers.get(i).join()), golden.path(i).path("simple"), texts.get(i));
        }
    }

    @Test
    void fieldsAreThoseOfThePipeline() throws IOException {
        assertThat(names(ask("{\"inputs\": \"" + SARAH + "\"}").path(0)))
                .containsExactly("entity_group", "score", "word", "start", "end");
        String none = "{\"inputs\": \"" + SARAH + "\", \"parameters\": {\"aggregation_strategy\": \"none\"}}";
        assertThat(names(ask(none).path(0))).containsExactly("entity", "score", "index", "word", "start", "end");
    }

    @Test
    void labelsAreIgnoredAsAskedFor() throws IOException {
        JsonNode all = ask("{\"inputs\": \"" + SARAH
                + "\", \"parameters\": {\"ignore_labels\": [], \"aggregation_strategy\": \"none\"}}");
        assertThat(all).extracting(entity -> entity.path("index").asInt()).startsWith(1, 2, 3);
        assertThat(all)
                .extracting(entity -> entity.path("entity").asText())
                .contains("O")
                .doesNotContain("PER");
        JsonNode some = ask("{\"inputs\": \"" + SARAH + "\", \"parameters\": {\"ignore_labels\": [\"O\", \"LOC\"]}}");
        assertThat(some)
                .extracting(entity -> entity.path("entity_group").asText())
                .isNotEmpty()
                .containsOnly("PER");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict          | {"inputs": "Sarah"}                                          | 400 | the model classifies tokens, not texts
            /interpret        | {"inputs": "Sarah"}                                          | 400 | only a text's label with its probability can be interpreted
            /models/wordpiece | {"inputs": "Sarah", "parameters": {"stride": 4}}             | 400 | `stride` is not supported
            /models/wordpiece | {"inputs": "Sarah", "parameters": {"aggregation_strategy": "SIMPLE"}} | 422 | `aggregation_strategy` must be none, simple, first, average or max
            /models/wordpiece | {"inputs": "Sarah", "parameters": {"aggregation_strategy": 1}} | 422 | `aggregation_strategy` must be a string
            /models/wordpiece | {"inputs": "Sarah", "parameters": {"ignore_labels": [1]}}    | 422 | `ignore_labels` must be a list of strings
            /models/wordpiece | {"inputs": "Sarah", "parameters": 1}                         | 422 | `parameters` must be an object
            /models/wordpiece | {"inputs": []}                                               | 400 | `inputs` cannot be empty
            /models/wordpiece | {"inputs": {"question": "Who?", "context": "Sarah"}}         | 422 | `inputs` must be a string, an object with `text`
            """)
    void whatItDoesNotDoIsRefusedInOneLine(String path, String request, int status, String reason) throws IOException {
        HttpResponse<String> answer = running.post(path, request, "X-Model", "wordpiece");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).startsWith(reason);
    }

    @Test
    void whatIsTooLongIsCutAndTheClientCanTell() {
        HttpResponse<String> answer =
                running.post("/models/wordpiece", "{\"inputs\": \"" + "Sarah ".repeat(60) + "\"}");
        assertThat(answer.headers().firstValue("x-compute-tokens")).hasValue("32");
    }

    @Test
    void tensorsHoldTheEntitiesAndTheLabelsOfTokens() throws IOException {
        JsonNode metadata = ok(running.get("/v2/models/wordpiece"));
        assertThat(metadata.at("/outputs/0").toString())
                .isEqualTo("{\"name\":\"entities\",\"datatype\":\"BYTES\",\"shape\":[-1]}");
        String inputs = "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": [\""
                + SARAH + "\", \"Sarah\"]}]";
        JsonNode entities = ok(running.post("/v2/models/wordpiece/infer", inputs + "}"));
        assertThat(entities.path("outputs")).hasSize(1);
        assertThat(entities.at("/outputs/0/shape").toString()).isEqualTo("[2]");
        assertThat(JSON.readTree(entities.at("/outputs/0/data/0").asText()))
                .isEqualTo(ask("{\"inputs\": \"" + SARAH + "\"}"));
        JsonNode numbers =
                ok(running.post("/v2/models/wordpiece/infer", inputs + ", \"outputs\": [{\"name\": \"output-0\"}]}"));
        JsonNode all = ask("{\"inputs\": \"" + SARAH
                + "\", \"parameters\": {\"ignore_labels\": [], \"aggregation_strategy\": \"none\"}}");
        int tokens = all.size() + 2;
        assertThat(numbers.at("/outputs/0/shape").toString()).isEqualTo("[2," + tokens + "]");
        List<String> labels = List.of("O", "B-PER", "I-PER", "B-LOC", "I-LOC");
        for (int i = 0; i < all.size(); i++) {
            assertThat(labels.get(numbers.at("/outputs/0/data/" + (i + 1)).asInt()))
                    .isEqualTo(all.path(i).path("entity").asText());
        }
        assertThat(numbers.at("/outputs/0/data/" + (2 * tokens - 1)).asInt()).isEqualTo(-1);
    }

    @Test
    void whatTheModelIsForIsTold() throws IOException {
        JsonNode models = ok(running.get("/models"));
        assertThat(models)
                .extracting(model -> model.path("task").asText())
                .containsExactly("token-classification", "token-classification", "text-classification");
        assertThat(models.at("/0/max_length").asInt()).isEqualTo(32);
        assertThat(models.at("/1/max_length").asInt())
                .as("positions begin after the padding id")
                .isEqualTo(32);
        assertThat(ok(running.get("/info", "X-Model", "wordpiece"))
                        .at("/model_type/token_classifier/id2label/1")
                        .asText())
                .isEqualTo("B-PER");
    }

    private static JsonNode ask(String request) throws IOException {
        return ok(running.post("/models/wordpiece", request));
    }

    private static JsonNode ok(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static JsonNode golden(String model) {
        return JsonFile.readObject(
                        Golden.folder("token-classification/" + model).resolve("entities.json"))
                .path("texts");
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void assertSame(JsonNode actual, JsonNode expected, String text) {
        assertThat(actual).as(text).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            JsonNode entity = actual.path(i);
            String label =
                    entity.path("entity_group").asText(entity.path("entity").asText());
            assertThat(label).as(text).isEqualTo(expected.path(i).path(0).asText());
            assertThat(entity.path("score").asDouble())
                    .isCloseTo(expected.path(i).path(1).asDouble(), within(EXACT));
            assertThat(entity.path("word")).as(text).isEqualTo(expected.path(i).path(2));
            assertThat(entity.path("start")).as(text).isEqualTo(expected.path(i).path(3));
            assertThat(entity.path("end")).as(text).isEqualTo(expected.path(i).path(4));
        }
    }
}
