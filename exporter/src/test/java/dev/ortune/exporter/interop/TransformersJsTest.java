package dev.ortune.exporter.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.exporter.TinyBert;
import dev.ortune.exporter.export.ExportOptions;
import dev.ortune.exporter.export.Exporter;
import dev.ortune.exporter.export.ModelSource;
import dev.ortune.exporter.export.Precision;
import dev.ortune.exporter.family.Family;
import dev.ortune.exporter.family.TinyModel;
import dev.ortune.exporter.verify.DataColumns;
import dev.ortune.exporter.verify.EvaluationData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exported folder in transformers.js, with the ONNX Runtime that its npm package brings, and in the examples. */
class TransformersJsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path NODE = Path.of("target", "interop");
    private static final List<String> LABELS = List.of("bad", "fair", "good");

    /** Characters of a context that, with its question, are fewer than the model's 64 tokens. */
    private static final int SHORT = 55;

    @TempDir
    private static Path models;

    private static List<String> sentences;
    private static List<EvaluationData.LabelledText> texts;

    @BeforeAll
    static void exportAndInstall() throws IOException, InterruptedException {
        Assumptions.assumeTrue(found("node") && found("npm"), "no node and npm here: transformers.js is not tried");
        Path model = TinyBert.write(models.resolve("tiny"));
        export(model);
        export(TinyModel.write(models.resolve("roberta"), Family.ROBERTA, false));
        export(TinyModel.write(models.resolve("tokens"), Family.DISTILBERT, true));
        export(TinyModel.ofAnswers(models.resolve("answers"), Family.BERT));
        export(TinyModel.ofMasks(models.resolve("masks")));
        // Without a validation set these are Ortune's own: punctuation, accents, CJK, emoji.
        texts = EvaluationData.of(model, null, DataColumns.FOUND, LABELS).texts();
        sentences = texts.stream().map(EvaluationData.LabelledText::text).toList();
        Files.createDirectories(NODE);
        for (Path file : List.of(
                Path.of("interop", "package.json"),
                Path.of("interop", "package-lock.json"),
                Path.of("interop", ".npmrc"),
                Path.of("interop", "predict.mjs"),
                Path.of("..", "examples", "node", "classify.mjs"))) {
            Files.copy(file, NODE.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
        run(NODE, "npm", "ci");
    }

    private static void export(Path model) {
        ExportOptions options = TinyModel.options(List.of(Precision.FP32, Precision.INT8), List.of(), true);
        new Exporter(ModelSource.of(model), options, line -> {}).run();
    }

    @Test
    void theFloatFileGivesWhatJavaGives() throws Exception {
        compare("tiny", "fp32", "model.onnx", 1e-4);
    }

    /** Without token_type_ids, filled up with 1, and with byte-level BPE. */
    @Test
    void aRobertaGivesWhatJavaGives() throws Exception {
        compare("roberta", "fp32", "model.onnx", 1e-4);
    }

    @Test
    void tokensGetTheLabelsThatJavaGives() throws Exception {
        JsonNode answers = answers("tokens", "fp32", "token-classification");
        List<double[][]> expected = java(models.resolve("tokens/onnx/model.onnx"), models.resolve("tokens"));
        assertThat(answers).hasSize(sentences.size());
        int tokens = 0;
        for (int i = 0; i < sentences.size(); i++) {
            for (JsonNode answer : answers.get(i)) {
                double[] shares = expected.get(i)[answer.path("index").asInt()];
                int best = largest(shares);
                assertThat(answer.path("entity").asText()).as(sentences.get(i)).isEqualTo(LABELS.get(best));
                assertThat(answer.path("score").asDouble()).isCloseTo(shares[best], within(1e-4));
                tokens++;
            }
        }
        assertThat(tokens).isGreaterThan(1000);
    }

    /** Greedily, with keys and values of tokens before, as transformers in Python does. */
    @Test
    void textsAreGoneOnWithAsInPython() throws Exception {
        requireTexts("gpt2", "text-generation", "greedy.json", List.of("onnx/model.onnx"));
    }

    /** Likewise behind an encoder, by the merged decoder; the pipeline itself puts before a text what config.json says. */
    @Test
    void textsAreWrittenAsInPython() throws Exception {
        requireTexts(
                "t5",
                "text2text-generation",
                "written.json",
                List.of("onnx/encoder_model.onnx", "onnx/decoder_model_merged.onnx"));
    }

    private static void requireTexts(String model, String task, String file, List<String> parts) throws Exception {
        Path vectors = Path.of("../vectors/generation");
        List<String> names = new ArrayList<>(List.of("config.json", "tokenizer.json", "tokenizer_config.json"));
        names.addAll(parts);
        for (String name : names) {
            Path to = models.resolve(model).resolve(name);
            Files.createDirectories(to.getParent());
            Files.copy(vectors.resolve(model).resolve(name), to);
        }
        List<JsonNode> cases = new ArrayList<>();
        JSON.readTree(vectors.resolve(file).toFile()).forEach(cases::add);
        List<String> prompts =
                cases.stream().map(one -> one.path("text").asText()).toList();
        JsonNode answers = answers(model, "fp32", task, prompts);
        assertThat(answers).hasSameSizeAs(cases).hasSize(50);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(answers.get(i).path(0).path("generated_text").asText())
                    .as(prompts.get(i))
                    .isEqualTo(cases.get(i).path("added").asText());
        }
    }

    @Test
    void masksAreFilledWithWhatJavaGives() throws Exception {
        List<String> masked = sentences.stream()
                .filter(sentence -> sentence.length() < SHORT)
                .map(sentence -> sentence + " [MASK]")
                .toList();
        assertThat(masked).hasSizeGreaterThan(30);
        JsonNode answers = answers("masks", "fp32", "fill-mask", masked);
        Path model = models.resolve("masks");
        try (OrtSession session = OrtEnvironment.getEnvironment()
                        .createSession(model.resolve("onnx/model.onnx").toString());
                HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(model.resolve("tokenizer.json"))) {
            for (int i = 0; i < masked.size(); i++) {
                Encoding encoding = tokenizer.encode(masked.get(i));
                double[] shares = sharesOfMask(session, encoding);
                assertThat(answers.get(i)).as(masked.get(i)).hasSize(5);
                assertThat(answers.get(i).get(0).path("token").asInt()).isEqualTo(largest(shares));
                for (JsonNode answer : answers.get(i)) {
                    assertThat(answer.path("score").asDouble())
                            .isCloseTo(shares[answer.path("token").asInt()], within(1e-4));
                }
            }
        }
    }

    private static double[] sharesOfMask(OrtSession session, Encoding encoding) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        int place = Arrays.asList(encoding.getTokens()).indexOf("[MASK]");
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {encoding.getIds()});
                OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {encoding.getAttentionMask()});
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {encoding.getTypeIds()});
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
            return softmax(((float[][][]) result.get("logits").orElseThrow().getValue())[0][place]);
        }
    }

    @Test
    void questionsGetTheAnswersThatJavaGives() throws Exception {
        List<List<String>> questions = sentences.stream()
                .filter(sentence -> sentence.length() < SHORT)
                .map(sentence -> List.of("who is it", sentence))
                .toList();
        assertThat(questions).hasSizeGreaterThan(30);
        JsonNode answers = answers("answers", "fp32", "question-answering", questions);
        assertThat(answers).hasSameSizeAs(questions);
        Path model = models.resolve("answers");
        try (OrtSession session = OrtEnvironment.getEnvironment()
                        .createSession(model.resolve("onnx/model.onnx").toString());
                HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(model.resolve("tokenizer.json"))) {
            for (int i = 0; i < questions.size(); i++) {
                Encoding encoding = tokenizer.encode(
                        questions.get(i).get(0), questions.get(i).get(1));
                assertThat(answers.get(i).path("score").asDouble())
                        .as(questions.get(i).toString())
                        .isCloseTo(bestAnswer(session, encoding), within(1e-4));
            }
        }
    }

    /** The largest product of a beginning's and an end's share, of the context's own tokens and, as none, the first. */
    private static double bestAnswer(OrtSession session, Encoding encoding) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        String[] tokens = encoding.getTokens();
        int context = Arrays.asList(tokens).indexOf("[SEP]") + 1;
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {encoding.getIds()});
                OnnxTensor mask = OnnxTensor.createTensor(environment, new long[][] {encoding.getAttentionMask()});
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {encoding.getTypeIds()});
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
            List<double[]> shares = new ArrayList<>();
            for (String output : List.of("start_logits", "end_logits")) {
                float[] logits = ((float[][]) result.get(output).orElseThrow().getValue())[0];
                for (int i = 1; i < logits.length; i++) {
                    boolean beside = i < context || tokens[i].equals("[SEP]") || tokens[i].equals("[UNK]");
                    logits[i] = beside ? Float.NEGATIVE_INFINITY : logits[i];
                }
                shares.add(softmax(logits));
            }
            double best = 0;
            for (int start = 1; start < tokens.length; start++) {
                for (int end = start; end < tokens.length; end++) {
                    best = Math.max(best, shares.get(0)[start] * shares.get(1)[end]);
                }
            }
            return best;
        }
    }

    /** Two releases of ONNX Runtime round 8-bit products in different places. */
    @Test
    void theInt8FileGivesWhatJavaGives() throws Exception {
        compare("tiny", "int8", "model_int8.onnx", 2e-2);
    }

    @Test
    void theExamplesRun() throws Exception {
        Path model = models.resolve("tiny");
        double[] expected = java(model.resolve("onnx/model_int8.onnx"), model).get(0)[0];
        int best = largest(expected);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String inJava = run(
                Path.of("."),
                java,
                "-cp",
                classPath,
                "../examples/java/Classify.java",
                model.toString(),
                sentences.get(0));
        String inNode = run(NODE, "node", "classify.mjs", model.toString(), sentences.get(0));
        for (String output : List.of(inJava, inNode)) {
            String[] words = output.strip().split(" ", -1);
            assertThat(words[0]).isEqualTo(LABELS.get(best));
            assertThat(Double.parseDouble(words[1])).isCloseTo(expected[best], within(2e-2));
        }
    }

    private static int largest(double[] shares) {
        int best = 0;
        for (int label = 1; label < shares.length; label++) {
            best = shares[label] > shares[best] ? label : best;
        }
        return best;
    }

    private static JsonNode answers(String name, String dtype, String task) throws Exception {
        assertThat(sentences).hasSizeGreaterThanOrEqualTo(100);
        return answers(name, dtype, task, sentences);
    }

    private static JsonNode answers(String name, String dtype, String task, List<?> asked) throws Exception {
        Path input = Files.write(models.resolve(name + "-" + dtype + ".json"), JSON.writeValueAsBytes(asked));
        return JSON.readTree(run(NODE, "node", "predict.mjs", models.toString(), name, dtype, input.toString(), task));
    }

    private static void compare(String name, String dtype, String file, double tolerance) throws Exception {
        JsonNode answers = answers(name, dtype, "text-classification");
        List<double[][]> expected = java(models.resolve(name).resolve("onnx").resolve(file), models.resolve(name));
        assertThat(answers).hasSize(sentences.size());
        for (int i = 0; i < sentences.size(); i++) {
            Map<String, Double> scores = new LinkedHashMap<>();
            answers.get(i)
                    .forEach(answer -> scores.put(
                            answer.path("label").asText(), answer.path("score").asDouble()));
            assertThat(scores).containsOnlyKeys(LABELS);
            for (int label = 0; label < LABELS.size(); label++) {
                assertThat(scores.get(LABELS.get(label)))
                        .as("%s: %s", sentences.get(i), LABELS.get(label))
                        .isCloseTo(expected.get(i)[0][label], within(tolerance));
            }
        }
    }

    /** What plain ONNX Runtime and DJL's tokenizer give: {@code [labels]} a sentence, or a token of it. */
    private static List<double[][]> java(Path file, Path model) throws IOException, OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        List<double[][]> all = new ArrayList<>();
        try (OrtSession session = environment.createSession(file.toString());
                HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                        model.resolve("tokenizer.json"), Map.of("truncation", "true", "maxLength", "64"))) {
            for (String sentence : sentences) {
                Encoding encoding = tokenizer.encode(sentence);
                try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {encoding.getIds()});
                        OnnxTensor mask =
                                OnnxTensor.createTensor(environment, new long[][] {encoding.getAttentionMask()});
                        OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {encoding.getTypeIds()})) {
                    Map<String, OnnxTensor> inputs = new LinkedHashMap<>(
                            Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types));
                    inputs.keySet().retainAll(session.getInputNames());
                    try (OrtSession.Result result = session.run(inputs)) {
                        Object logits = result.get(0).getValue();
                        float[][] rows = logits instanceof float[][][] ofTokens ? ofTokens[0] : (float[][]) logits;
                        all.add(Arrays.stream(rows)
                                .map(TransformersJsTest::softmax)
                                .toArray(double[][]::new));
                    }
                }
            }
        }
        return all;
    }

    private static double[] softmax(float[] logits) {
        double[] shares = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            shares[i] = Math.exp(logits[i]);
            sum += shares[i];
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    private static boolean found(String program) throws InterruptedException {
        try {
            return new ProcessBuilder(program, "--version").start().waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Path errors = Files.createTempFile(models, "stderr", ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(errors.toFile())
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as("%s: %s", String.join(" ", command), Files.readString(errors))
                .isZero();
        return output;
    }
}
