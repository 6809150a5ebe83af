package dev.ortune.predictor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.predictor.files.JsonFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an application has of a model: the answers of transformers for each task, from any number of threads. */
@Timeout(120)
class PredictorTest {
    private static final double EXACT = 1e-5;
    private static final Path VECTORS = Path.of("../vectors/generation");

    /** More than may wait at a time. */
    private static final int MANY = 2000;

    @TempDir
    private Path folder;

    private Predictor tiny() throws IOException {
        return Predictor.builder(TinyClassifier.write(folder.resolve("tiny")))
                .device("cpu")
                .threads(2)
                .open();
    }

    private static JsonNode cases(Path model) {
        return JsonFile.readObject(model.resolve("answers.json")).path("cases");
    }

    @Test
    void fiveLinesClassify() throws IOException {
        try (Predictor predictor = Predictor.open(TinyClassifier.write(folder.resolve("tiny")))) {
            LabelScores verdict = predictor.classify("w100 w90");
            assertThat(verdict.label()).isEqualTo("yes");
            assertThat(verdict.score()).isCloseTo(TinyClassifier.probabilities(100, 90)[2], within(EXACT));
            assertThat(predictor.task()).isEqualTo("text-classification");
            assertThat(predictor.labels()).isEqualTo(TinyClassifier.LABELS);
            assertThat(predictor.maxLength()).isEqualTo(TinyClassifier.MAX_LENGTH);
            assertThat(predictor.precision()).isEqualTo("fp32");
            assertThat(predictor.name()).isEqualTo("tiny");
        }
    }

    /** As Java runs a source file, with what the predictor depends on. */
    @Test
    void theExampleRuns() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "../examples/java-predictor/Predict.java",
                        TinyClassifier.write(folder.resolve("tiny")).toString(),
                        "w100 w90")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        double expected = TinyClassifier.probabilities(100, 90)[2];
        assertThat(output).isEqualTo(String.format(Locale.ROOT, "yes %.4f%n", expected));
    }

    @Test
    void pairsAreThoseOfTransformers() {
        Path folder = Golden.folder("families/albert");
        int pairs = 0;
        try (Predictor predictor = Predictor.open(folder)) {
            for (JsonNode one : cases(folder)) {
                String pair = one.path(1).textValue();
                pairs += pair == null ? 0 : 1;
                LabelScores scores = predictor.classify(one.path(0).textValue(), pair);
                for (int label = 0; label < scores.labels().size(); label++) {
                    assertThat(scores.scores()[label])
                            .as(one.toString())
                            .isCloseTo(
                                    one.path(2).path(scores.labels().get(label)).asDouble(), within(EXACT));
                }
            }
        }
        assertThat(pairs).isPositive();
    }

    @Test
    void entitiesAreThoseOfTransformers() {
        Path folder = Golden.folder("token-classification/wordpiece");
        JsonNode golden = JsonFile.readObject(folder.resolve("entities.json")).path("texts");
        try (Predictor predictor = Predictor.open(folder)) {
            List<Answer> answers =
                    predictor.predict(Golden.texts().stream().map(TextInput::of).toList());
            assertThat(answers).hasSameSizeAs(golden);
            for (int i = 0; i < answers.size(); i++) {
                List<Entity> entities = ((TokenEntities) answers.get(i)).entities();
                JsonNode expected = golden.path(i).path("simple");
                assertThat(entities).hasSameSizeAs(expected);
                for (int place = 0; place < entities.size(); place++) {
                    assertThat(entities.get(place).word())
                            .isEqualTo(expected.path(place).path(2).textValue());
                    assertThat(entities.get(place).score())
                            .isCloseTo(expected.path(place).path(1).asDouble(), within(EXACT));
                }
            }
            refuses(() -> predictor.predict(new TextInput("a", "b")), "it takes no pairs");
        }
    }

    @Test
    void answersAreThoseOfTransformers() {
        Path folder = Golden.folder("question-answering/wordpiece");
        try (Predictor predictor = Predictor.open(folder)) {
            int usual = 0;
            for (JsonNode one : cases(folder)) {
                if (one.path("parameters").isEmpty()) {
                    SpanAnswer best = predictor
                            .answer(
                                    one.path("question").textValue(),
                                    one.path("context").textValue())
                            .best();
                    JsonNode expected = one.path("answer");
                    assertThat(best.answer()).isEqualTo(expected.path("answer").textValue());
                    assertThat(best.start()).isEqualTo(expected.path("start").asInt());
                    assertThat(best.score()).isCloseTo(expected.path("score").asDouble(), within(EXACT));
                    usual++;
                }
            }
            assertThat(usual).isPositive();
            assertThat(predictor.answer("Who?", "Wolfgang lives in Berlin.", 3).answers())
                    .hasSize(3);
            refuses(() -> predictor.predict(TextInput.of("Who?")), "takes pairs of the two");
        }
    }

    @Test
    void choicesAreThoseOfTransformers() {
        Path folder = Golden.folder("multiple-choice/bert-choice");
        List<Choices> questions = new ArrayList<>();
        for (JsonNode one : cases(folder)) {
            List<String> choices =
                    one.path("choices").valueStream().map(JsonNode::textValue).toList();
            String context = one.path("context").textValue();
            String question = one.path("question").textValue();
            questions.add(
                    context == null ? new Choices(question, null, choices) : new Choices(context, question, choices));
        }
        try (Predictor predictor = Predictor.open(folder)) {
            assertThat(predictor.choosesTexts()).isTrue();
            List<Answer> answers = predictor.predict(questions);
            for (int i = 0; i < answers.size(); i++) {
                double[] scores = ((ChosenText) answers.get(i)).scores();
                JsonNode expected = cases(folder).path(i).path("scores");
                assertThat(scores).hasSize(expected.size());
                for (int choice = 0; choice < scores.length; choice++) {
                    assertThat(scores[choice]).isCloseTo(expected.path(choice).asDouble(), within(EXACT));
                }
            }
            refuses(() -> predictor.predict(TextInput.of("a")), "have to be given");
        }
    }

    @Test
    void masksAreFilledAsByTransformers() {
        Path folder = Golden.folder("fill-mask/wordpiece");
        try (Predictor predictor = Predictor.open(folder)) {
            for (JsonNode one : cases(folder)) {
                if (one.path("parameters").isEmpty()) {
                    JsonNode fillings =
                            predictor.fillMasks(one.path("text").textValue()).json();
                    assertThat(fillings.findValuesAsText("sequence"))
                            .isEqualTo(one.path("answer").findValuesAsText("sequence"));
                }
            }
            refuses(() -> predictor.fillMasks("no mask"), "is without: no mask");
        }
    }

    @Test
    void textsGoOnAsWithTransformers() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(VECTORS.resolve("greedy.json").toFile());
        try (Predictor predictor = Predictor.open(VECTORS.resolve("gpt2"))) {
            for (JsonNode one : cases) {
                GenerationParameters parameters =
                        GenerationParameters.greedy(one.path("ids").size());
                GeneratedText text = predictor.generate(one.path("text").textValue(), parameters);
                assertThat(text.tokens())
                        .extracting(GeneratedToken::id)
                        .containsExactlyElementsOf(one.path("ids")
                                .valueStream()
                                .map(JsonNode::longValue)
                                .toList());
            }
            refuses(() -> predictor.classify("a"), "is for text-generation: it gives no LabelScores");
            refuses(() -> predictor.predict(new TextInput("a", "b")), "takes no others");
        }
    }

    /** Another text behind an encoder, the likeliest tokens each time and by beams. */
    @Test
    void textsAreWrittenAsWithTransformers() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(VECTORS.resolve("written.json").toFile());
        try (Predictor predictor = Predictor.open(VECTORS.resolve("t5"))) {
            assertThat(predictor.task()).isEqualTo("text2text-generation");
            for (JsonNode one : cases) {
                String text = one.path("text").textValue();
                GeneratedText written = predictor.generate(text, GenerationParameters.greedy(24));
                assertThat(ids(written)).isEqualTo(longs(one.path("ids")));
                assertThat(written.text()).isEqualTo(one.path("added").textValue());
                if (one.has("beams")) {
                    JsonNode asked = one.at("/beams/parameters");
                    JsonNode early = asked.path("early_stopping");
                    Beams beams = new Beams(
                            asked.path("num_beams").intValue(),
                            asked.path("length_penalty").doubleValue(),
                            early.isTextual()
                                    ? Beams.EarlyStopping.NEVER
                                    : early.booleanValue() ? Beams.EarlyStopping.TRUE : Beams.EarlyStopping.FALSE);
                    double penalty = asked.path("repetition_penalty").asDouble(1);
                    GeneratedText found =
                            predictor.generate(text, new GenerationParameters(24, null, penalty, List.of(), beams));
                    assertThat(ids(found)).as(one.toString()).isEqualTo(longs(one.at("/beams/ids")));
                }
            }
            refuses(() -> predictor.generate("cat ".repeat(500)), "leave no room for another");
            refuses(() -> predictor.classify("a"), "is for text2text-generation: it gives no LabelScores");
        }
    }

    private static List<Long> ids(GeneratedText text) {
        return text.tokens().stream().map(GeneratedToken::id).toList();
    }

    private static List<Long> longs(JsonNode ids) {
        return ids.valueStream().map(JsonNode::longValue).toList();
    }

    private static void refuses(Callable<?> question, String why) {
        assertThatThrownBy(question::call).isInstanceOf(RequestException.class).hasMessageContaining(why);
    }

    private static int[] words(Random random) {
        return random.ints(1 + random.nextInt(TinyClassifier.MAX_LENGTH), 0, 40).toArray();
    }

    private static TextInput text(int... words) {
        return TextInput.of(Arrays.stream(words).mapToObj(word -> "w" + word).collect(Collectors.joining(" ")));
    }

    private static void assertScores(Answer answer, int[] words) {
        assertThat(((LabelScores) answer).scores()).containsExactly(TinyClassifier.probabilities(words), within(EXACT));
    }

    @Test
    void manyTextsOfManyThreadsKeepTheirOrder() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Predictor predictor = tiny()) {
            List<Future<?>> all = new ArrayList<>();
            for (int seed = 0; seed < 4; seed++) {
                Random random = new Random(seed);
                all.add(threads.submit(() -> {
                    List<int[]> texts = new ArrayList<>();
                    for (int i = 0; i < MANY; i++) {
                        texts.add(words(random));
                    }
                    List<Answer> answers = predictor.predict(
                            texts.stream().map(PredictorTest::text).toList());
                    for (int i = 0; i < MANY; i++) {
                        assertScores(answers.get(i), texts.get(i));
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void whatIsTooLongIsCutOrCostsOneAnswer() throws IOException {
        Path model = TinyClassifier.write(folder.resolve("tiny"));
        TextInput tooLong = text(new int[TinyClassifier.MAX_LENGTH + 1]);
        try (Predictor cutting = Predictor.builder(model).maxLength(3).open();
                Predictor refusing = Predictor.builder(model).truncate(false).open()) {
            assertThat(cutting.maxLength()).isEqualTo(3);
            assertScores(cutting.predict(text(1, 2, 3, 39, 39)), new int[] {1, 2, 3});
            List<CompletableFuture<Answer>> answers = refusing.submit(List.of(text(7), tooLong, text(8)));
            assertScores(answers.get(0).join(), new int[] {7});
            assertThatThrownBy(answers.get(1)::join)
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("less than 16 tokens");
            assertScores(answers.get(2).join(), new int[] {8});
        }
    }

    /** A text at which ONNX Runtime fails runs in a batch with others. */
    @Test
    void aTextThatTheModelFailsAtCostsNoOtherItsAnswer() throws IOException {
        try (Predictor predictor = tiny()) {
            List<CompletableFuture<Answer>> answers =
                    predictor.submit(List.of(text(1), TextInput.of(TinyClassifier.POISON), text(2), text(3)));
            assertScores(answers.get(0).join(), new int[] {1});
            assertThatThrownBy(answers.get(1)::join).cause().hasMessageContaining("The model failed");
            assertScores(answers.get(3).join(), new int[] {3});
            assertScores(predictor.predict(text(4)), new int[] {4});
        }
    }

    @Test
    void closingAnswersWhatIsUnderWayAndRefusesTheRest() throws Exception {
        Predictor predictor = tiny();
        List<int[]> texts = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 500; i++) {
            texts.add(words(random));
        }
        List<CompletableFuture<Answer>> answers =
                predictor.submit(texts.stream().map(PredictorTest::text).toList());
        predictor.close();
        predictor.close();
        for (int i = 0; i < texts.size(); i++) {
            assertScores(answers.get(i).getNow(null), texts.get(i));
        }
        assertThatThrownBy(() -> predictor.classify("w1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void whatCannotBeIsSaidBeforeAnythingIsLoaded() throws IOException {
        PredictorBuilder builder = Predictor.builder(TinyClassifier.write(folder.resolve("tiny")));
        assertThatThrownBy(() -> builder.precision("fp8")).hasMessageContaining("fp8");
        assertThatThrownBy(() -> builder.device("tpu")).hasMessageContaining("tpu");
        assertThatThrownBy(() -> builder.threads(0)).hasMessageContaining("threads must be at least 1, not 0");
        assertThatThrownBy(() -> builder.maxLength(2)).hasMessageContaining("maxLength must be at least 3, not 2");
        assertThatThrownBy(() -> Predictor.open(folder.resolve("none")))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> builder.adapter("a").open()).hasMessageContaining("has no adapters");
        assertThatThrownBy(() -> builder.adapter(null).precision("int8").open())
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("int8");
    }
}
