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
import dev.ortune.exporter.verify.DataColumns;
import dev.ortune.exporter.verify.EvaluationData;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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

    @TempDir
    private static Path models;

    private static List<String> sentences;
    private static List<EvaluationData.LabelledText> texts;

    @BeforeAll
    static void exportAndInstall() throws IOException, InterruptedException {
        Assumptions.assumeTrue(found("node") && found("npm"), "no node and npm here: transformers.js is not tried");
        Path model = TinyBert.write(models.resolve("tiny"));
        ExportOptions options = new ExportOptions(
                List.of(Precision.FP32, Precision.INT8), List.of(), 17, null, DataColumns.FOUND, false, true, 1);
        new Exporter(ModelSource.of(model), options, line -> {}).run();
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

    @Test
    void theFloatFileGivesWhatJavaGives() throws Exception {
        compare("fp32", "model.onnx", 1e-4);
    }

    /** Two releases of ONNX Runtime round 8-bit products in different places. */
    @Test
    void theInt8FileGivesWhatJavaGives() throws Exception {
        compare("int8", "model_int8.onnx", 2e-2);
    }

    @Test
    void theExamplesRun() throws Exception {
        Path model = models.resolve("tiny");
        double[] expected = java(model.resolve("onnx/model_int8.onnx"), model).get(0);
        int best = 0;
        for (int label = 1; label < expected.length; label++) {
            best = expected[label] > expected[best] ? label : best;
        }
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

    private static void compare(String dtype, String file, double tolerance) throws Exception {
        assertThat(sentences).hasSizeGreaterThanOrEqualTo(100);
        Path input = Files.write(models.resolve(dtype + ".json"), JSON.writeValueAsBytes(sentences));
        JsonNode answers =
                JSON.readTree(run(NODE, "node", "predict.mjs", models.toString(), "tiny", dtype, input.toString()));
        List<double[]> expected = java(models.resolve("tiny/onnx").resolve(file), models.resolve("tiny"));
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
                        .isCloseTo(expected.get(i)[label], within(tolerance));
            }
        }
    }

    /** The probabilities that plain ONNX Runtime and DJL's tokenizer give, {@code [labels]} a sentence. */
    private static List<double[]> java(Path file, Path model) throws IOException, OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        List<double[]> all = new ArrayList<>();
        try (OrtSession session = environment.createSession(file.toString());
                HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(
                        model.resolve("tokenizer.json"), Map.of("truncation", "true", "maxLength", "64"))) {
            for (String sentence : sentences) {
                Encoding encoding = tokenizer.encode(sentence);
                try (OnnxTensor ids = OnnxTensor.createTensor(environment, new long[][] {encoding.getIds()});
                        OnnxTensor mask =
                                OnnxTensor.createTensor(environment, new long[][] {encoding.getAttentionMask()});
                        OnnxTensor types = OnnxTensor.createTensor(environment, new long[][] {encoding.getTypeIds()});
                        OrtSession.Result result = session.run(
                                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
                    all.add(softmax(((float[][]) result.get(0).getValue())[0]));
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
