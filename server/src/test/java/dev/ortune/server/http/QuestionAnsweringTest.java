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

/** Models that answer questions over real HTTP, with the answers that transformers' pipeline gives. */
class QuestionAnsweringTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double EXACT = 1e-5;
    private static final String BERLIN = "{\"question\": \"Who?\", \"context\": \"😀 Wolfgang lives in Berlin.\"}";

    private static RunningServer running;

    @BeforeAll
    static void start() throws IOException {
        running = RunningServer.of(
                ServerOptions.of("127.0.0.1", 0),
                Golden.folder("question-answering/wordpiece"),
                Golden.folder("question-answering/byte-level"));
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wordpiece", "byte-level"})
    void questionsAreAnsweredAsByThePipeline(String model) throws IOException {
        JsonNode cases = JsonFile.readObject(
                        Golden.folder("question-answering/" + model).resolve("answers.json"))
                .path("cases");
        for (JsonNode each : cases) {
            ObjectNode request = JSON.createObjectNode();
            request.putObject("inputs")
                    .put("question", each.path("question").textValue())
                    .put("context", each.path("context").textValue());
            request.set("parameters", each.path("parameters"));
            JsonNode answer = ok(running.post("/models/" + model, request.toString()));
            JsonNode best = answer.isArray() ? answer.path(0) : answer;
            JsonNode expected =
                    each.path("answer").isArray() ? each.path("answer").path(0) : each.path("answer");
            assertThat(answer.isArray()).isEqualTo(each.path("answer").isArray());
            assertThat(best.path("answer")).as(each.toString()).isEqualTo(expected.path("answer"));
            assertThat(best.path("start")).isEqualTo(expected.path("start"));
            assertThat(best.path("score").asDouble())
                    .isCloseTo(expected.path("score").asDouble(), within(EXACT));
        }
    }

    @Test
    void listsOfQuestionsAreAnsweredByLists() throws IOException {
        JsonNode one = ask("{\"inputs\": " + BERLIN + "}");
        assertThat(one.isObject()).isTrue();
        assertThat(one.properties())
                .extracting(field -> field.getKey())
                .containsExactly("score", "start", "end", "answer");
        String context = "😀 Wolfgang lives in Berlin.";
        assertThat(context.substring(
                        context.offsetByCodePoints(0, one.path("start").asInt()),
                        context.offsetByCodePoints(0, one.path("end").asInt())))
                .isEqualTo(one.path("answer").textValue());
        JsonNode several = ask("{\"inputs\": [" + BERLIN + ", " + BERLIN + "], \"parameters\": {\"top_k\": 2}}");
        assertThat(several).hasSize(2);
        assertThat(several.path(0)).hasSize(2).isEqualTo(several.path(1));
        assertThat(several.path(0).path(0)).isEqualTo(one);
        HttpResponse<String> root = running.post("/", "{\"inputs\": " + BERLIN + "}", "X-Model", "wordpiece");
        assertThat(ok(root)).isEqualTo(one);
    }

    /** Of more windows than wait at once: they are run in rounds. */
    @Test
    void aLongContextIsReadToItsEnd() throws IOException {
        ObjectNode request = JSON.createObjectNode();
        request.putObject("inputs")
                .put("question", "Who?")
                .put("context", "Nobody lives here. ".repeat(600) + "Zürich.");
        HttpResponse<String> answer = running.post("/models/wordpiece", request.toString());
        assertThat(ok(answer).path("answer").isTextual()).isTrue();
        assertThat(Integer.parseInt(
                        answer.headers().firstValue("x-compute-tokens").orElseThrow()))
                .isGreaterThan(4000);
    }

    @Test
    void tensorsHoldTheAnswers() throws IOException {
        JsonNode metadata = ok(running.get("/v2/models/wordpiece"));
        assertThat(metadata.path("outputs"))
                .extracting(output -> output.path("name").asText())
                .containsExactly("answer", "score", "start", "end");
        JsonNode one = ask("{\"inputs\": " + BERLIN + "}");
        ObjectNode request = JSON.createObjectNode();
        ObjectNode input =
                request.putArray("inputs").addObject().put("name", "text").put("datatype", "BYTES");
        input.putArray("shape").add(2).add(2);
        ArrayNode data = input.putArray("data");
        for (int i = 0; i < 2; i++) {
            data.add("Who?").add("😀 Wolfgang lives in Berlin.");
        }
        JsonNode outputs = ok(running.post("/v2/models/wordpiece/infer", request.toString()))
                .path("outputs");
        assertThat(outputs.path(0).path("data")).hasSize(2).allMatch(each -> each.equals(one.path("answer")));
        assertThat(outputs.path(1).path("data").path(1).asDouble())
                .isCloseTo(one.path("score").asDouble(), within(EXACT));
        assertThat(outputs.path(2).path("data").path(0).asInt())
                .isEqualTo(one.path("start").asInt());
        assertThat(outputs.path(3).path("data").path(1).asInt())
                .isEqualTo(one.path("end").asInt());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict                   | {"inputs": "Who?"}                                                | 400 | the model answers questions; POST /models/NAME
            /interpret                 | {"inputs": "Who?"}                                                | 400 | only a text's label with its probability can be interpreted
            /models/wordpiece          | {"inputs": "Who?"}                                                | 422 | `inputs` must be an object with the strings `question` and `context`
            /models/wordpiece          | {"inputs": {"question": "Who?"}}                                  | 422 | `inputs` must be an object with the strings `question` and `context`
            /models/wordpiece          | {"inputs": {"question": "", "context": "a"}}                      | 400 | `question` cannot be empty
            /models/wordpiece          | {"inputs": []}                                                    | 400 | `inputs` cannot be empty
            /models/wordpiece          | {"inputs": {"question": "a", "context": "b"}, "parameters": {"top_k": 0}} | 422 | `top_k` must be a whole number, at least 1
            /models/wordpiece          | {"inputs": {"question": "a", "context": "b"}, "parameters": {"handle_impossible_answer": 1}} | 422 | `handle_impossible_answer` must be true or false
            /models/wordpiece          | {"inputs": {"question": "a", "context": "b b b b b b b b b b b b b b b b b b b b"}, "parameters": {"max_seq_len": 12, "doc_stride": 9}} | 422 | the question leaves room for 8 tokens of the context within 12, which must be more than `doc_stride`, 9
            /v2/models/wordpiece/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["Who?"]}]} | 400 | the model answers questions from contexts
            """)
    void whatItDoesNotDoIsRefusedInOneLine(String path, String request, int status, String reason) throws IOException {
        HttpResponse<String> answer = running.post(path, request, "X-Model", "wordpiece");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).startsWith(reason);
    }

    private static JsonNode ask(String request) throws IOException {
        return ok(running.post("/models/wordpiece", request));
    }

    private static JsonNode ok(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
