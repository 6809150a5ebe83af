package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.server.RawClient;
import dev.ortune.server.Version;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The OpenAPI document against the specification, against the routes there are, and against what they really answer. */
@Timeout(60)
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "https://ortune.example/openapi.json";

    @TempDir
    private static Path folder;

    private static RunningServer running;
    private static RunningServer tokens;
    private static RunningServer questions;
    private static RunningServer choices;
    private static RunningServer writing;
    private static String text;
    private static JsonNode document;
    private static SchemaRegistry schemas;

    @BeforeAll
    static void start() throws IOException {
        running = new RunningServer(folder, ServerOptions.of("127.0.0.1", 0), "tiny");
        tokens = RunningServer.of(ServerOptions.of("127.0.0.1", 0), Golden.folder("token-classification/wordpiece"));
        questions = RunningServer.of(ServerOptions.of("127.0.0.1", 0), Golden.folder("question-answering/wordpiece"));
        choices = RunningServer.of(ServerOptions.of("127.0.0.1", 0), Golden.folder("multiple-choice/bert-choice"));
        writing = RunningServer.of(ServerOptions.of("127.0.0.1", 0), Path.of("../vectors/generation/gpt2"));
        text = running.get("/openapi.json").body();
        document = JSON.readTree(text);
        // Which warns of all that is no schema in the document.
        ((Logger) LoggerFactory.getLogger("com.networknt.schema")).setLevel(Level.ERROR);
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(ID, text)));
    }

    @AfterAll
    static void stop() {
        running.close();
        tokens.close();
        questions.close();
        choices.close();
        writing.close();
    }

    @Test
    void itIsSoundOpenApi() {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        var parsed = new OpenAPIV3Parser().readContents(text, null, options);
        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getOpenapi()).startsWith("3.1.");
        assertThat(parsed.getOpenAPI().getInfo().getVersion()).isEqualTo(Version.ortune());
        assertThat(parsed.getOpenAPI().getPaths()).isNotEmpty();
        String broken = text.replace("\"responses\":", "\"answers\":");
        assertThat(new OpenAPIV3Parser().readContents(broken, null, options).getMessages())
                .isNotEmpty();
    }

    @Test
    void everyRouteIsInItAndNoOther() {
        TreeSet<String> written = new TreeSet<>();
        document.path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(method -> written.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(written).containsExactlyElementsOf(new TreeSet<>(running.server.routes()));
    }

    @Test
    void whatItGivesAsExamplesIsSoundAndAnswered() throws IOException {
        int examples = 0;
        for (var path : document.path("paths").properties()) {
            JsonNode body = path.getValue().at("/post/requestBody/content/application~1json");
            for (var named : body.path("examples").properties()) {
                boolean asks = named.getKey().equals("question");
                boolean chooses = named.getKey().equals("choices");
                String request = named.getValue().path("value").toString();
                String pointer = pointer(path.getKey()) + "/post/requestBody/content/application~1json/schema";
                assertThat(problems(pointer, request)).as(request).isEmpty();
                String name = asks ? "wordpiece" : chooses ? "bert-choice" : "tiny";
                boolean writes =
                        path.getKey().equals("/generate") || path.getKey().equals("/v1/completions");
                RunningServer asked = asks ? questions : chooses ? choices : writes ? writing : running;
                String address = path.getKey().replace("{name}", name).replace("{version}", "1");
                assertSound(path.getKey(), "post", asked.post(address, request), 200);
                examples++;
            }
        }
        assertThat(examples).isGreaterThanOrEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict                               | {"inputs": "w1", "raw_scores": true}              | 200
            /predict                               | {"inputs": [["w1"], ["w2", "w3"]]}                | 200
            /predict                               | {"inputs": ""}                                    | 400
            /predict                               | {"inputs": 1}                                     | 422
            /predict                               | {"inputs": "LONG"}                                | 422
            /predict                               | {"inputs": "HUGE"}                                | 413
            /models/{name}                         | {"inputs": ["w1", "w2"]}                          | 200
            /models/{name}                         | {"inputs": []}                                    | 400
            /models/{name}                         | {"inputs": 1}                                     | 422
            /models/{name}                         | {"inputs": "HUGE"}                                | 413
            /interpret                             | {"inputs": "w1 , w2"}                             | 200
            /interpret                             | {"inputs": "w1 , w2", "method": "shapley"}        | 200
            /interpret                             | {"inputs": "w1", "model": "none"}                 | 404
            /                                      | {"inputs": "w1", "parameters": {}}                | 200
            /                                      | {"inputs": [["w1"], ["w2"]]}                      | 200
            /invocations                           | {"inputs": "w1"}                                  | 200
            /tokenize                              | {"inputs": ["w1 w2", "w3"]}                       | 200
            /tokenize                              | {"inputs": ""}                                    | 400
            /decode                                | {"ids": [2, 3]}                                   | 200
            /decode                                | {"ids": "x"}                                      | 422
            /models/{name}                         | {"inputs": {"text": "w1", "text_pair": "w2"}}     | 200
            /interpret                             | {"inputs": "w1", "method": "integrated"}          | 422
            /interpret                             | {"inputs": ""}                                    | 400
            /v2/models/{name}/infer                | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["w1"]}], "outputs": [{"name": "output-0"}]} | 200
            /v2/models/{name}/versions/{version}/infer | {}                                            | 400
            """)
    void whatRoutesAnswerIsAsItSays(String path, String request, int status) throws IOException {
        String body = request.replace("LONG", "w1 ".repeat(20)).replace("HUGE", "x".repeat(3 << 20));
        String address = path.replace("{name}", "tiny").replace("{version}", "1");
        assertSound(path, "post", running.post(address, body), status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict                | {"inputs": "Sarah lives in Berlin."}                                          | 400
            /interpret              | {"inputs": "Sarah lives in Berlin."}                                          | 400
            /models/{name}          | {"inputs": "Sarah lives in Berlin."}                                          | 200
            /models/{name}          | {"inputs": ["Sarah lives in Berlin.", ""]}                                    | 200
            /models/{name}          | {"inputs": "Sarah lives.", "parameters": {"aggregation_strategy": "none"}}    | 200
            /models/{name}          | {"inputs": "Sarah lives.", "parameters": {"aggregation_strategy": "most"}}    | 422
            /models/{name}          | {"inputs": "Sarah lives.", "parameters": {"ignore_labels": "O"}}              | 422
            /models/{name}          | {"inputs": "Sarah lives.", "parameters": {"stride": 8}}                       | 400
            /models/{name}          | {"inputs": []}                                                                | 400
            /v2/models/{name}/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [2], "data": ["Sarah", "I am in Berlin"]}]} | 200
            /v2/models/{name}/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["Sarah"]}], "outputs": [{"name": "output-0"}, {"name": "entities"}]} | 200
            /v2/models/{name}/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["Sarah"]}], "parameters": {"aggregation_strategy": "none"}} | 200
            /v2/models/{name}/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1], "data": ["Sarah"]}], "parameters": {"aggregation_strategy": "x"}} | 400
            """)
    void whatATokenClassifierAnswersIsAsItSays(String path, String request, int status) throws IOException {
        assertSound(path, "post", tokens.post(path.replace("{name}", "wordpiece"), request), status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict                | {"inputs": "Who?"}                                                              | 400
            /models/{name}          | {"inputs": {"question": "Who?", "context": "Sarah lives in Berlin."}}           | 200
            /models/{name}          | {"inputs": [{"question": "Who?", "context": "Sarah lives in Berlin."}], "parameters": {"top_k": 3, "handle_impossible_answer": true}} | 200
            /models/{name}          | {"inputs": {"question": "Who?", "context": "Sarah lives."}, "parameters": {"max_answer_len": 0}} | 422
            /models/{name}          | {"inputs": {"question": "Who?", "context": ""}}                                 | 400
            /v2/models/{name}/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1, 2], "data": ["Who?", "Sarah lives."]}]} | 200
            /v2/models/{name}/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [1, 2], "data": ["Who?", "Sarah"]}], "outputs": [{"name": "answer"}]} | 200
            """)
    void whatAModelForQuestionsAnswersIsAsItSays(String path, String request, int status) throws IOException {
        assertSound(path, "post", questions.post(path.replace("{name}", "wordpiece"), request), status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict                | {"inputs": "Who?"}                                                              | 400
            /models/{name}          | {"inputs": {"context": "Sarah sleeps.", "choices": ["a", "b"]}}                 | 200
            /models/{name}          | {"inputs": [{"context": "Sarah", "question": "Who?", "choices": ["a", "b", "c"]}]} | 200
            /models/{name}          | {"inputs": {"context": "Sarah sleeps.", "choices": ["a"]}}                      | 422
            /models/{name}          | {"inputs": {"context": "", "choices": ["a", "b"]}}                              | 400
            /v2/models/{name}/infer | {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "data": ["Who?"]}, {"name": "choices", "datatype": "BYTES", "shape": [1, 2], "data": ["a", "b"]}]} | 200
            /v2/models/{name}/infer | {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "data": ["Who?"]}]} | 400
            """)
    void whatAModelThatChoosesAnswersIsAsItSays(String path, String request, int status) throws IOException {
        assertSound(path, "post", choices.post(path.replace("{name}", "bert-choice"), request), status);
    }

    @Test
    void whatAModelThatChoosesIsIsAsItSays() throws IOException {
        for (String path : List.of("/info", "/models", "/v2/models/{name}")) {
            assertSound(path, "get", choices.get(path.replace("{name}", "bert-choice")), 200);
        }
    }

    @Test
    void whatAModelForQuestionsIsIsAsItSays() throws IOException {
        for (String path : List.of("/info", "/models", "/v2/models/{name}")) {
            assertSound(path, "get", questions.get(path.replace("{name}", "wordpiece")), 200);
        }
    }

    @Test
    void whatATokenClassifierIsIsAsItSays() throws IOException {
        for (String path : List.of("/info", "/models", "/v2/models/{name}")) {
            assertSound(path, "get", tokens.get(path.replace("{name}", "wordpiece")), 200);
        }
    }

    @Test
    void whatRoutesWithoutABodyAnswerIsAsItSays() throws IOException {
        int asked = 0;
        for (String route : running.server.routes()) {
            if (route.startsWith("GET ")) {
                String path = route.substring(4);
                String address = path.replace("{name}", "tiny")
                        .replace("{version}", "1")
                        .replace("/page/{file}", "/page/app.js")
                        .replace("/docs/{file}", "/docs/swagger-ui.css");
                assertSound(path, "get", running.get(address), 200);
                asked++;
            }
        }
        assertThat(asked).isGreaterThanOrEqualTo(15);
        assertSound("/v2/models/{name}", "get", running.get("/v2/models/none"), 404);
        assertSound("/v2/models/{name}/versions/{version}", "get", running.get("/v2/models/tiny/versions/7"), 404);
        assertSound("/page/{file}", "get", running.get("/page/none.js"), 404);
    }

    @Test
    void whoIsTurnedAwayIsToldAsItSays() throws IOException {
        ServerOptions withKey = SecurityTest.options(List.of("key"), List.of(), null);
        try (RunningServer locked = new RunningServer(folder.resolve("locked"), withKey, "tiny")) {
            for (var path : document.path("paths").properties()) {
                for (var operation : path.getValue().properties()) {
                    String address = path.getKey()
                            .replace("{name}", "tiny")
                            .replace("{version}", "1")
                            .replace("{file}", "none");
                    HttpResponse<String> answer =
                            operation.getKey().equals("post") ? locked.post(address, "{}") : locked.get(address);
                    boolean open = operation.getValue().path("security").isArray();
                    assertThat(answer.statusCode() == 401).as(path.getKey()).isEqualTo(!open);
                    if (!open) {
                        assertSound(path.getKey(), operation.getKey(), answer, 401);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /predict                               | {"inputs": [["w1"], ["WORD"]]}
            /models/{name}                         | {"inputs": ["w1", "WORD"]}
            /interpret                             | {"inputs": "w1 WORD"}
            /v2/models/{name}/infer                | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [2], "data": ["w1", "WORD"]}]}
            /v2/models/{name}/versions/{version}/infer | {"inputs": [{"name": "x", "datatype": "BYTES", "shape": [2], "data": ["w1", "WORD"]}]}
            """)
    void whatFailsAndWhatIsTooMuchIsAnsweredAsItSays(String path, String request) throws IOException {
        String address = path.replace("{name}", "tiny").replace("{version}", "1");
        assertSound(path, "post", running.post(address, request.replace("WORD", TinyClassifier.POISON)), 424);
        BatchOptions one = new BatchOptions(256, 1, 32, 1, 1);
        try (var full = RunningServer.of(ServerOptions.of("127.0.0.1", 0), one, folder.resolve("tiny"))) {
            assertSound(path, "post", full.post(address, request.replace("WORD", "w2")), 429);
        }
    }

    /** A request that is half there keeps the server from its end; who has a connection can still ask. */
    @Test
    void whoAsksAServerThatStopsIsToldAsItSays() throws Exception {
        List<String> paths = List.of("/health", "/ping", "/v2/health/ready");
        try (RunningServer stopping = RunningServer.of(ServerOptions.of("127.0.0.1", 0), folder.resolve("tiny"));
                RawClient half = connect(stopping)) {
            half.send(RawClient.get("/health").substring(0, 10));
            List<RawClient> clients = new ArrayList<>();
            for (String path : paths) {
                RawClient client = connect(stopping);
                clients.add(client);
                client.send(RawClient.get(path).substring(0, 5));
            }
            int port = stopping.port();
            Thread end = new Thread(() -> stopping.server.stop(Duration.ofSeconds(20)));
            end.start();
            awaitClosedPort(port);
            for (int i = 0; i < paths.size(); i++) {
                try (RawClient client = clients.get(i)) {
                    client.send(RawClient.get(paths.get(i)).substring(5));
                    RawClient.Answer answer = client.receive();
                    assertSound(paths.get(i), "get", answer.status(), answer::header, answer.body(), 503);
                    assertThat(answer.body()).contains("the server is stopping");
                }
            }
            half.send(RawClient.get("/health").substring(10));
            assertThat(half.receive().status()).isEqualTo(503);
            end.join();
        }
    }

    /** Whom the server has answered once: a connection that it has not taken yet ends with the port. */
    private static RawClient connect(RunningServer server) throws IOException {
        RawClient client = new RawClient(new Socket(InetAddress.getLoopbackAddress(), server.port()));
        client.send(RawClient.get("/health"));
        assertThat(client.receive().status()).isEqualTo(200);
        return client;
    }

    private static void awaitClosedPort(int port) throws InterruptedException {
        try {
            while (true) {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                Thread.sleep(10);
            }
        } catch (IOException closed) {
            assertThat(closed).isNotNull();
        }
    }

    private static void assertSound(String path, String method, HttpResponse<String> answer, int status)
            throws IOException {
        assertSound(path, method, answer.statusCode(), answer.headers()::firstValue, answer.body(), status);
    }

    private static void assertSound(
            String path, String method, int found, Function<String, Optional<String>> headers, String body, int status)
            throws IOException {
        assertThat(found).as("%s %s: %s", method, path, body).isEqualTo(status);
        String pointer = pointer(path) + "/" + method + "/responses/" + status;
        JsonNode response = document.at(pointer);
        assertThat(response.isMissingNode())
                .as("%s is in the document", pointer)
                .isFalse();
        if (response.has("$ref")) {
            pointer = response.path("$ref").asText().substring(1);
            response = document.at(pointer);
        }
        for (String header : names(response.path("headers"))) {
            assertThat(headers.apply(header)).as(header).isPresent();
        }
        String type = headers.apply("content-type").orElse("").replaceAll(";.*", "");
        assertThat(names(response.path("content")).contains(type) || body.isEmpty())
                .as("%s is of type %s", path, type)
                .isTrue();
        if (type.equals("application/json")) {
            assertThat(problems(pointer + "/content/application~1json/schema", body))
                    .as(body)
                    .isEmpty();
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String pointer(String path) {
        return "/paths/" + path.replace("~", "~0").replace("/", "~1");
    }

    private static List<String> problems(String pointer, String json) {
        String fragment = pointer.replace("{", "%7B").replace("}", "%7D");
        Schema schema = schemas.getSchema(SchemaLocation.of(ID + "#" + fragment));
        return schema.validate(json, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }
}
