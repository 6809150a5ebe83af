package dev.ortune.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.files.JsonFile;
import dev.ortune.server.ServeProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class CommandsTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void write() throws IOException {
        model = TinyClassifier.write(folder.resolve("tiny"));
    }

    @Test
    void predictPrintsLabelAndProbability() {
        Cli cli = Cli.run("predict", model, "w100 w90", "w0");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.exit()).isZero();
        double percent = 100 * TinyClassifier.probabilities(100, 90)[2];
        assertThat(cli.out().lines())
                .containsExactly(String.format(Locale.ROOT, "yes %5.1f %%  w100 w90", percent), "no  33.3 %  w0");
    }

    @Test
    void predictPrintsAllProbabilitiesOfOneText() {
        double[] shares = TinyClassifier.probabilities(100, 90);
        List<String> lines = Cli.run("predict", model, "w100 w90").out().lines().toList();
        assertThat(lines).hasSize(shares.length);
        assertThat(lines.get(0)).isEqualTo(String.format(Locale.ROOT, "yes %5.1f %%  w100 w90", 100 * shares[2]));
        assertThat(lines.subList(1, lines.size()))
                .contains(String.format(Locale.ROOT, "no %5.1f %%", 100 * shares[0]))
                .isSortedAccordingTo(
                        Comparator.comparingDouble(line -> -Double.parseDouble(line.replaceAll("[^0-9.]", ""))));
    }

    /** Behind its text, which is not gone on with. */
    @Test
    void predictPrintsWhatIsWritten() {
        Path writer = Path.of("../vectors/generation/t5");
        assertThat(Cli.run("predict", writer, "the old house and the dog", "dog and cat")
                        .out()
                        .lines())
                .containsExactly("the old house and the dog  dog house", "dog and cat  cat dog");
        assertThat(Cli.run("predict", writer, "--json", "--num-beams=3", "dog and cat")
                        .out())
                .contains("\"generated_text\":\"");
        Path goesOn = Path.of("../vectors/generation/gpt2");
        assertThat(Cli.run("predict", goesOn, "--max-new-tokens=3", "the old house")
                        .out())
                .startsWith("the old house")
                .doesNotStartWith("the old house  ");
    }

    @Test
    void predictPrintsEntitiesAfterTheirText() throws IOException {
        Path tokens = Golden.folder("token-classification/wordpiece");
        String text = Golden.texts().get(99);
        JsonNode golden = JsonFile.readObject(tokens.resolve("entities.json"))
                .path("texts")
                .path(99)
                .path("simple");
        List<String> entities = new ArrayList<>();
        for (JsonNode entity : golden) {
            String stretch =
                    text.substring(entity.path(3).intValue(), entity.path(4).intValue());
            double percent = 100 * entity.path(1).doubleValue();
            entities.add(String.format(
                    Locale.ROOT, "%s %s %.1f %%", stretch, entity.path(0).textValue(), percent));
        }
        assertThat(entities).isNotEmpty();
        assertThat(Cli.run("predict", tokens, text, " ").out().lines())
                .containsExactly(text + "  " + String.join(", ", entities), "");
        JsonNode json = new ObjectMapper()
                .readTree(Cli.run("predict", tokens, "--json", text).out());
        assertThat(json.path("text").asText()).isEqualTo(text);
        assertThat(json.path("entities")).hasSameSizeAs(golden);
        assertThat(json.at("/entities/0/entity_group")).isEqualTo(golden.at("/0/0"));
        assertThat(json.at("/entities/0/start")).isEqualTo(golden.at("/0/3"));
    }

    @Test
    void predictPrintsARegressionsNumber() throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("{\"model_type\"", "{\"problem_type\": \"regression\", \"model_type\""));
        assertThat(Cli.run("predict", model, "w100 w90").out().lines())
                .containsExactly("yes 1.9000  w100 w90", "maybe 0.0000", "no -3.8000");
    }

    @Test
    void predictReadsFilesAndPrintsJson() throws IOException {
        Path file = Files.writeString(folder.resolve("texts.txt"), "w1\n\nw2 w3\n");
        Cli cli = Cli.run("predict", model, "--file", file, "--json");
        assertThat(cli.out().lines())
                .as("a line for each of the file, empty ones too")
                .hasSize(3);
        JsonNode second = new ObjectMapper().readTree(cli.out().lines().toList().get(2));
        assertThat(second.path("text").asText()).isEqualTo("w2 w3");
        assertThat(second.path("label").asText()).isEqualTo("yes");
        assertThat(second.at("/scores/no").asDouble())
                .isCloseTo(TinyClassifier.probabilities(2, 3)[0], org.assertj.core.api.Assertions.within(1e-6));
    }

    @Test
    void predictGivesEveryLabelThatReachesItsThreshold() throws IOException {
        Path several = TinyClassifier.writeMultiLabel(folder.resolve("several"), "{\"maybe\": 0.6, \"no\": 0.1}");
        // Logits of 1 for yes, 0 for maybe and -2 for no.
        assertThat(Cli.run("predict", several, "w100").out().lines())
                .containsExactly("yes  73.1 %, no  11.9 %  w100", "maybe  50.0 %");
        assertThat(Cli.run("predict", several, "w100", "--json").out()).contains("\"labels\":[\"no\",\"yes\"]");
        Path none =
                TinyClassifier.writeMultiLabel(folder.resolve("none"), "{\"no\": 0.9, \"maybe\": 0.9, \"yes\": 0.9}");
        assertThat(Cli.run("predict", none, "w100").out()).startsWith("none of the labels  w100");
    }

    @Test
    void predictTakesPairs() throws IOException {
        String percent = String.format(Locale.ROOT, "%.1f", 100 * TinyClassifier.probabilities(60, 90)[2]);
        String line = "yes  " + percent + " %  w60\tw90";
        Path tabs = Files.writeString(folder.resolve("pairs.tsv"), "\ufeffw60\tw90\nw0\t\n");
        assertThat(Cli.run("predict", model, "--pairs", "--file", tabs).out().lines())
                .containsExactly(line, "no  33.3 %  w0\t");
        Path lines = Files.writeString(
                folder.resolve("pairs.jsonl"), "{\"text\": \"w60\", \"text_pair\": \"w90\"}\n{\"text\": \"w0\"}\n");
        assertThat(Cli.run("predict", model, "--file", lines).out().lines()).containsExactly(line, "no  33.3 %  w0");
        Path other = Files.move(lines, folder.resolve("pairs.txt"));
        String json =
                Cli.run("predict", model, "--jsonl", "--json", "--file", other).out();
        assertThat(json.lines().findFirst().orElseThrow())
                .startsWith("{\"text\":\"w60\",\"text_pair\":\"w90\",\"label\":\"yes\"");
    }

    @Test
    void predictChooses() throws IOException {
        Path choosing = Golden.folder("multiple-choice/bert-choice");
        String question = "{\"context\": \"the cats sleep\", \"question\": \"why ?\", \"choices\":"
                + " [\"it is cold\", \"dogs bark\", \"at night\"]}";
        List<String> lines =
                Cli.run("predict", choosing, "--jsonl", question).out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).matches("(it is cold|dogs bark|at night) \\d+\\.\\d %  the cats sleep\twhy \\?");
        Path file = Files.writeString(
                folder.resolve("choices.jsonl"),
                question + "\n{\"question\": \"the cats sleep\", \"choices\": [\"a\", \"b\"]}\n");
        List<String> json = Cli.run("predict", choosing, "--json", "--file", file)
                .out()
                .lines()
                .toList();
        assertThat(json).hasSize(2);
        assertThat(json.get(0))
                .startsWith("{\"choice\":")
                .endsWith(
                        "\"context\":\"the cats sleep\",\"question\":\"why ?\",\"choices\":[\"it is cold\",\"dogs bark\","
                                + "\"at night\"]}");
        Cli plain = Cli.run("predict", choosing, "the cats sleep");
        assertThat(plain.exit()).isEqualTo(1);
        assertThat(plain.err()).contains("texts: line 1 holds no choices: --jsonl takes {\"context\": …, \"choices\":");
        assertThat(Cli.run("predict", choosing, "--jsonl", "{\"context\": \"a\", \"choices\": [\"b\"]}")
                        .err())
                .contains("texts: line 1 must be a JSON object with a string \"context\", \"question\" or both, and");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --pairs | w1 w2           | texts: line 1 --pairs wants two texts with one tab between them, not 1
            --jsonl | {"text": 1}     | texts: line 1 must be a JSON object with a string "text", for a pair also "text_pair"
            --jsonl | {"text": "a"    | texts: line 1 is no valid JSON (line 1, column 13: Unexpected end-of-input
            """)
    void whatIsNoPairIsSaidWithItsLine(String option, String text, String message) {
        Cli cli = Cli.run("predict", model, option, text);
        assertThat(cli.exit()).isEqualTo(1);
        assertThat(cli.err()).contains(message);
    }

    /** What Windows' editors put before a text is none of it. */
    @Test
    void aByteOrderMarkIsNotPrintedBack() throws IOException {
        Path file = Files.writeString(folder.resolve("texts.txt"), "\ufeffw1\n\ufeffw2\n");
        assertThat(Cli.run("predict", model, "--file", file)
                        .out()
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .endsWith("%  w1");
    }

    @Test
    void predictAnswersALineBeforeTheNextIsThere() throws Exception {
        Process process = command("predict", "--threads", "1").start();
        BufferedReader answers = process.inputReader(StandardCharsets.UTF_8);
        try (Writer lines = process.outputWriter(StandardCharsets.UTF_8)) {
            for (String text : List.of("w1 w2", "", "w100 w90")) {
                lines.write(text + "\n");
                lines.flush();
                assertThat(answers.readLine()).endsWith(" %  " + text);
            }
        }
        assertThat(answers.readLine()).isNull();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void predictKeepsTheOrderOfMoreLinesThanMayWait() throws IOException {
        List<String> texts = IntStream.range(0, 1000)
                .mapToObj(i -> "w" + i % 7 + " w1".repeat(i % 20))
                .toList();
        Path file = Files.write(folder.resolve("texts.txt"), texts);
        Cli cli = Cli.run("predict", model, "--file", file, "--max-concurrent-requests", "64");
        assertThat(cli.err()).isEmpty();
        assertThat(cli.out().lines().map(line -> line.substring(line.indexOf(" %  ") + 4)))
                .containsExactlyElementsOf(texts);
    }

    @Test
    void predictEndsWhenNobodyReadsOn() throws Exception {
        Process process = command("predict", "--threads", "1").start();
        try (Writer lines = process.outputWriter(StandardCharsets.UTF_8)) {
            process.getInputStream().close();
            while (process.isAlive()) {
                lines.write("w1 w2\n");
                lines.flush();
            }
        } catch (IOException ended) {
            assertThat(ended).hasMessageContaining("Broken pipe");
        }
        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --max-batch-tokens=0 | --max-batch-tokens must be at least 1, not 0 | 2
            --device=gpu         | --device must be auto, cpu, cuda or cuda:N, not 'gpu' | 2
            --gpu-memory-limit=-1 | --gpu-memory-limit must be a number of GiB, not -1.0 | 2
            --precision=int9     | must be auto, fp32, fp16, int8 or int4, not 'int9' | 2
            --precision=fp16     | lists no file of precision fp16 that can be served | 1
            --file=nothing.txt   | nothing.txt: no such file | 1
            --file=.             | .: is a folder | 1
            """)
    void whatIsWrongIsOneLine(String option, String message, int exit) {
        Cli cli = option.startsWith("--file")
                ? Cli.run("predict", model, option)
                : Cli.run("predict", model, option, "w1");
        assertThat(cli.exit()).isEqualTo(exit);
        assertThat(cli.err()).startsWith("ortune: ").contains(message).doesNotContain("\tat ");
    }

    @Test
    void brokenModelsAreRefused() throws IOException {
        Files.writeString(model.resolve("onnx/model.onnx"), "x");
        assertRefused("model.onnx: has another SHA-256 than");
        Files.delete(model.resolve("onnx/export.json"));
        assertRefused("model.onnx: ONNX Runtime cannot load it");
        Files.delete(model.resolve("onnx/model.onnx"));
        assertRefused("\"ortune export " + model + "\" makes it");
        Files.writeString(model.resolve("config.json"), "{}");
        assertThat(Cli.run("predict", folder.resolve("none"), "w1").err()).contains("there is no such model folder");
    }

    private void assertRefused(String message) {
        for (Cli cli : List.of(Cli.run("predict", model, "w1"), Cli.run("serve", model, "--port", "0"))) {
            assertThat(cli.exit()).isEqualTo(1);
            assertThat(cli.err()).startsWith("ortune: ").contains(message);
            assertThat(cli.err().strip().lines()).hasSize(1);
        }
    }

    @Test
    void serveSaysWhereItListensAndStopsWhenTold() throws Exception {
        Process process = serve(Map.of("MAX_CLIENT_BATCH_SIZE", "2", "DEVICE", "cpu"), "--port", "0");
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).isEqualTo("Runs on the CPU (as asked for)");
        assertThat(output.readLine())
                .isEqualTo("tiny: model.onnx (fp32, the fastest on a CPU of those exported), text-classification,"
                        + " labels no, maybe, yes");
        String listening = output.readLine();
        assertThat(listening).startsWith("Listening on http://127.0.0.1:").contains(", ready after ");
        String address = listening.substring(listening.indexOf("http"), listening.indexOf(','));
        assertThat(post(address + "/predict", "{\"inputs\": \"w1\"}").statusCode())
                .isEqualTo(200);
        assertThat(post(address + "/models/tiny", "{\"inputs\": [\"w1\", \"w2\", \"w3\"]}")
                        .statusCode())
                .isEqualTo(422);
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (var taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Process process = serve(Map.of(), "--port", Integer.toString(taken.getLocalPort()));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(output)
                    .contains("ortune: 127.0.0.1:" + taken.getLocalPort()
                            + ": cannot be listened on (Address already in use)");
        }
    }

    @Test
    void textsComeFromOnePlace() {
        Cli cli = Cli.run("predict", model, "--file=nothing.txt", "w1");
        assertThat(cli.exit()).isEqualTo(2);
        assertThat(cli.err()).contains("texts come as arguments or from --file, not both");
    }

    @Test
    void labelsWithControlCharactersAreRefused() throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("maybe", "may\\u001b[2Jbe"));
        assertRefused("config.json: id2label has control characters in may?[2Jbe");
    }

    private Process serve(Map<String, String> environment, String... options) throws IOException {
        ProcessBuilder builder = command("serve", options).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder.start();
    }

    private ProcessBuilder command(String name, String... options) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        ProcessBuilder builder = new ProcessBuilder(
                java, ServeProcess.SOON_COMPILED, "-cp", classPath, Ortune.class.getName(), name, model.toString());
        builder.command().addAll(List.of(options));
        return builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static HttpResponse<String> post(String uri, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
