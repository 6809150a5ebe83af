package dev.ortune.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TinyClassifier;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tensors as bytes behind the JSON, as Triton's clients send them and ask for them without being told to. */
@Timeout(60)
class BinaryTensorsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String HEADER = "Inference-Header-Content-Length";

    @TempDir
    private static Path folder;

    private static RunningServer running;

    /** What came back: its JSON and the tensors behind it. */
    private record Answer(int status, JsonNode json, ByteBuffer binary) {
        String strings(int count) {
            List<String> strings = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] text = new byte[binary.getInt()];
                binary.get(text);
                strings.add(new String(text, StandardCharsets.UTF_8));
            }
            return String.join(" ", strings);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        running = RunningServer.of(
                ServerOptions.of("127.0.0.1", 0),
                TinyClassifier.write(folder.resolve("tiny")),
                Golden.folder("token-classification/wordpiece"));
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    /** What tritonclient.http sends for two texts without a list of outputs. */
    @Test
    void bytesInAndOut() throws Exception {
        byte[] texts = strings("w1", "w9");
        String json = """
                {"id": "7", "inputs": [{"name": "text", "shape": [2], "datatype": "BYTES",
                 "parameters": {"binary_data_size": %d}}], "parameters": {"binary_data_output": true}}
                """.formatted(texts.length);
        Answer answer = ask("tiny", json, texts);
        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.json.path("id").asText()).isEqualTo("7");
        assertThat(answer.json.at("/outputs/0").toString())
                .isEqualTo("{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[2,3],"
                        + "\"parameters\":{\"binary_data_size\":24}}");
        for (int word : new int[] {1, 9}) {
            for (double share : TinyClassifier.probabilities(word)) {
                assertThat(answer.binary.getFloat()).isCloseTo((float) share, within(1e-6F));
            }
        }
        assertThat(answer.json.at("/outputs/1/parameters/binary_data_size").asInt())
                .isEqualTo(14);
        assertThat(answer.strings(2)).isEqualTo("yes yes");
        assertThat(answer.binary.hasRemaining()).isFalse();
    }

    @Test
    void eachOutputHasTheFormThatIsAskedFor() throws Exception {
        Answer answer = ask("tiny", """
                {"inputs": [{"name": "text", "shape": [1, 1], "datatype": "BYTES", "data": [["w100"]]}], "outputs": [
                 {"name": "output-0", "parameters": {"binary_data": true}}, {"name": "probabilities"},
                 {"name": "label", "parameters": {"binary_data": true, "classification": 2}}]}
                """);
        assertThat(answer.binary.getLong()).isEqualTo(2);
        assertThat(answer.json.at("/outputs/1/data")).hasSize(3);
        assertThat(answer.json.at("/outputs/2/shape").toString()).isEqualTo("[1,2]");
        assertThat(answer.strings(2)).matches("0\\.\\d+:2:yes 0\\.\\d+:1:maybe");
    }

    @Test
    void entitiesAreBytesToo() throws Exception {
        byte[] text = strings("Sarah lives in Berlin.");
        String json = "{\"inputs\": [{\"name\": \"text\", \"shape\": [1], \"datatype\": \"BYTES\", \"parameters\":"
                + " {\"binary_data_size\": " + text.length
                + "}}], \"outputs\": [{\"name\": \"entities\", \"parameters\":"
                + " {\"binary_data\": true}}, {\"name\": \"output-0\", \"parameters\": {\"binary_data\": true}}]}";
        Answer answer = ask("wordpiece", json, text);
        assertThat(JSON.readTree(answer.strings(1)).isArray()).isTrue();
        int tokens = answer.json.at("/outputs/1/shape/1").asInt();
        assertThat(answer.binary.remaining()).isEqualTo(tokens * Long.BYTES).isPositive();
    }

    /** Triton's raw binary request: no JSON, one text. */
    @Test
    void aBodyWithoutJsonIsOneText() throws Exception {
        Answer answer = ask("tiny", "", "w100 w90".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.binary.getFloat(8))
                .isCloseTo((float) TinyClassifier.probabilities(100, 90)[2], within(1e-6F));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"name": "a", "datatype": "BYTES", "shape": [2, 2], "data": [["w1", "w2"], ["w3", ""]]}
            {"name": "a", "datatype": "BYTES", "shape": [2, 2], "data": ["w1", "w2", "w3", ""]}
            {"name": "a", "datatype": "BYTES", "shape": [2], "data": ["w1", "w3"]}, {"name": "b", "datatype": "BYTES", "shape": [2, 1], "data": ["w2", ""]}
            """)
    void pairsAreOneTensorOrTwo(String inputs) throws Exception {
        JsonNode answer = JSON.readTree(running.post("/v2/models/tiny/infer", "{\"inputs\": [" + inputs + "]}")
                .body());
        for (int label = 0; label < 3; label++) {
            assertThat(answer.at("/outputs/0/data/" + label).asDouble())
                    .isCloseTo(TinyClassifier.probabilities(1, 2)[label], within(1e-6));
            assertThat(answer.at("/outputs/0/data/" + (3 + label)).asDouble())
                    .isCloseTo(TinyClassifier.probabilities(3)[label], within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs": [], "outputs": []} | there must be one input tensor, or two for pairs of texts
            {"inputs": [{"name": "t", "datatype": "INT64", "shape": [1], "data": ["w1"]}]} | input "t": its datatype must be BYTES
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1, 3], "data": ["w1", "w2", "w3"]}]} | input "t": its shape must be [n] or [n, 1], or [n, 2] for pairs, n above 0
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [0], "data": []}]} | input "t": its shape must be [n] or [n, 1], or [n, 2] for pairs, n above 0
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [2], "data": ["w1"]}]} | input "t": its shape is [2], but it has 1 strings
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "data": [7]}]} | input "t": its data must be strings
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "data": ["w1"]}], "outputs": [{"name": "none"}]} | there is no output "none"; there are probabilities, label, output-0
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "data": ["w1"]}], "outputs": {"name": "label"}} | `outputs` must be a list
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "data": ["w1"]}], "outputs": [{"name": "label", "parameters": {"binary_data": 1}}]} | `binary_data` must be true or false
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "data": ["w1"], "parameters": {"binary_data_size": 6}}]} | input "t": has both data and binary_data_size
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": 7}}]} | input "t": its binary_data_size is 7, but 6 bytes are left of the body
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": -1}}]} | input "t": its binary_data_size must be a whole number of bytes
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": 5}}]} | input "t": its binary data ends within string 0
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": 2}}]} | input "t": its binary data ends within string 0
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [2], "parameters": {"binary_data_size": 6}}]} | input "t": its shape is [2], but it has 1 strings
            {"inputs": [{"name": "t", "datatype": "BYTES", "shape": [1], "data": ["w1"]}]} | the body has 6 bytes more than its JSON and its inputs' binary data
            """)
    void whatDoesNotFitIsRefusedInOneLine(String json, String message) throws Exception {
        boolean fits = !message.contains("body") && !message.contains("binary data ends") && !json.contains("_size");
        Answer answer = fits ? ask("tiny", json) : ask("tiny", json, strings("w1"));
        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.json.path("error").asText()).isEqualTo(message);
    }

    @Test
    void stringsMustBeUtf8() throws Exception {
        byte[] latin = {4, 0, 0, 0, 'c', 'a', 'f', (byte) 0xe9};
        String json = "{\"inputs\": [{\"name\": \"t\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\":"
                + " {\"binary_data_size\": 8}}]}";
        Answer answer = ask("tiny", json, latin);
        assertThat(answer.status).isEqualTo(400);
        assertThat(answer.json.path("error").asText()).isEqualTo("input \"t\": its strings must be UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "x, Inference-Header-Content-Length is no number: x",
        "-1, 'Inference-Header-Content-Length is -1, but the body has 2 bytes'",
        "3, 'Inference-Header-Content-Length is 3, but the body has 2 bytes'"
    })
    void theLengthOfTheJsonMustBeOne(String length, String message) throws Exception {
        HttpResponse<String> answer = running.post("/v2/models/tiny/infer", "{}", HEADER, length);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("error").asText()).isEqualTo(message);
    }

    @Test
    void tokenClassifiersTakeNoPairs() {
        String pair =
                "{\"inputs\": [{\"name\": \"t\", \"datatype\": \"BYTES\", \"shape\": [1, 2], \"data\": [\"a\", \"b\"]}]}";
        HttpResponse<String> answer = running.post("/v2/models/wordpiece/infer", pair);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("it takes no pairs");
    }

    private static byte[] strings(String... texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(new byte[] {(byte) utf8.length, 0, 0, 0});
            bytes.writeBytes(utf8);
        }
        return bytes.toByteArray();
    }

    private static Answer ask(String model, String json, byte... binary) throws Exception {
        byte[] head = json.getBytes(StandardCharsets.UTF_8);
        byte[] body = Arrays.copyOf(head, head.length + binary.length);
        System.arraycopy(binary, 0, body, head.length, binary.length);
        URI uri = URI.create("http://localhost:" + running.port() + "/v2/models/" + model + "/infer");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header(HEADER, Integer.toString(head.length))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<byte[]> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        int length =
                response.headers().firstValue(HEADER).map(Integer::parseInt).orElse(response.body().length);
        String type = response.headers().firstValue("content-type").orElse("");
        assertThat(type)
                .isEqualTo(
                        response.headers().firstValue(HEADER).isPresent()
                                ? "application/octet-stream"
                                : "application/json");
        return new Answer(
                response.statusCode(),
                JSON.readTree(response.body(), 0, length),
                ByteBuffer.wrap(response.body(), length, response.body().length - length)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN));
    }
}
