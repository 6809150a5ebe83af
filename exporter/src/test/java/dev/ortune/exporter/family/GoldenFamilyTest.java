package dev.ortune.exporter.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.export.ExportOptions;
import dev.ortune.exporter.export.ExportedFile;
import dev.ortune.exporter.export.Exporter;
import dev.ortune.exporter.export.ModelSource;
import dev.ortune.exporter.export.Optimize;
import dev.ortune.exporter.export.Precision;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxReader;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.verify.DataColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exported files of each family and task give the logits that transformers gives; the trainer's golden files hold them. */
class GoldenFamilyTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "BERT, false",
        "BERT, true",
        "ROBERTA, false",
        "ROBERTA, true",
        "DISTILBERT, false",
        "DISTILBERT, true",
        "ELECTRA, false",
        "ELECTRA, true"
    })
    void exportedFilesGiveTransformersLogits(Family family, boolean ofTokens) throws Exception {
        Path golden = TinyModel.golden(family + (ofTokens ? "-token" : "-sequence") + "-classification");
        Path model = copy(golden, family.special());
        ObjectNode config = JsonFile.readObject(model.resolve("config.json"));
        OnnxWriter.write(TinyGraph.of(family, config, ofTokens), model.resolve("graph.onnx"));
        requireTransformersLogits(model, golden);
    }

    /** Of families whose graphs are not built anew for these tests: vectors/graphs holds what the trainer writes. */
    @ParameterizedTest
    @CsvSource({"albert, 0, 2, 3", "mpnet, 1, 0, 2", "deberta-v2, 0, 2, 3", "deberta-v3, 0, 2, 3", "modernbert, 0, 2, 3"
    })
    void filesOfTheTrainersGraphsDoSoToo(String family, int pad, int begin, int end) throws Exception {
        for (String task : List.of("sequence-classification", "token-classification")) {
            Path golden = TinyModel.golden(family + "-" + task);
            Path model = copy(golden, pad, begin, end);
            Path graph = Path.of("../vectors/graphs", family + "-" + task + ".onnx");
            Files.copy(graph, model.resolve("graph.onnx"), StandardCopyOption.REPLACE_EXISTING);
            requireTransformersLogits(model, golden);
        }
    }

    /** Whose word embedding is a table and, turned, a matrix. */
    @ParameterizedTest
    @CsvSource({"bert, 0, 2, 3", "roberta, 1, 0, 2"})
    void modelsThatFillMasksHaveTheirTableOnce(String family, int pad, int begin, int end) throws Exception {
        Path golden = TinyModel.golden(family + "-masked-lm");
        Path model = copy(golden, pad, begin, end);
        Path graph = Path.of("../vectors/graphs", family + "-masked-lm.onnx");
        Files.copy(graph, model.resolve("graph.onnx"), StandardCopyOption.REPLACE_EXISTING);
        requireTransformersLogits(model, golden);
        Graph exported = OnnxReader.read(model.resolve("onnx/model.onnx"));
        assertThat(exported.constants().values())
                .filteredOn(tensor -> tensor.elements() == 48 * 12)
                .hasSize(1);
    }

    private Path copy(Path golden, int... special) throws IOException {
        Path model = Files.createDirectories(folder.resolve(golden.getFileName()));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(golden.resolve(file), model.resolve(file));
        }
        ObjectNode config = JsonFile.readObject(model.resolve("config.json"));
        Files.writeString(
                model.resolve("tokenizer.json"),
                letters(config.required("vocab_size").asInt(), special));
        return model;
    }

    private static void requireTransformersLogits(Path model, Path golden) throws IOException, OrtException {
        ExportOptions options = new ExportOptions(
                List.of(Precision.FP32, Precision.FP16),
                List.of(Optimize.CPU),
                17,
                null,
                DataColumns.FOUND,
                false,
                false,
                1);
        List<String> said = new ArrayList<>();
        List<ExportedFile> files =
                new Exporter(ModelSource.of(model), options, said::add).run().files();
        assertThat(files).as(String.join("\n", said)).hasSize(3);
        JsonNode batch = JSON.readTree(golden.resolve("batches.json").toFile()).get(0);
        JsonNode logits =
                JSON.readTree(golden.resolve("expected.json").toFile()).required("logits");
        for (ExportedFile file : files) {
            double tolerance = file.variant().precision() == Precision.FP32 ? 1e-5 : 2e-2;
            assertSame(run(file.paths().get(0), batch), logits, batch.required("attention_mask"), tolerance);
        }
    }

    /** One label a text, or one row a token, of which the filling's are nobody's. */
    private static void assertSame(Object actual, JsonNode expected, JsonNode mask, double tolerance) {
        for (int text = 0; text < expected.size(); text++) {
            if (actual instanceof float[][] ofTexts) {
                assertSame(ofTexts[text], expected.get(text), tolerance);
                continue;
            }
            for (int token = 0; token < mask.get(text).size(); token++) {
                if (mask.get(text).get(token).asInt() == 1) {
                    assertSame(
                            ((float[][][]) actual)[text][token],
                            expected.get(text).get(token),
                            tolerance);
                }
            }
        }
    }

    private static void assertSame(float[] actual, JsonNode expected, double tolerance) {
        assertThat(actual).hasSize(expected.size());
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected.get(i).asDouble(), within(tolerance));
        }
    }

    /** The logits, [batch, labels] or [batch, sequence, labels]. */
    private static Object run(Path file, JsonNode batch) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try (OrtSession session = environment.createSession(file.toString())) {
            for (String name : session.getInputNames()) {
                inputs.put(
                        name,
                        OnnxTensor.createTensor(environment, JSON.convertValue(batch.required(name), long[][].class)));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return result.get("logits").orElseThrow().getValue();
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** A tokenizer of so few tokens that the golden models' tables are enough: letters and digits. */
    private static String letters(int size, int... special) throws IOException {
        String[] vocabulary = new String[size];
        Arrays.setAll(vocabulary, id -> id < 5 ? "[unused" + id + "]" : Character.toString('0' + id - 5));
        vocabulary[special[0]] = "[PAD]";
        vocabulary[special[1]] = "[CLS]";
        vocabulary[special[2]] = "[SEP]";
        vocabulary[4] = "[UNK]";
        ObjectNode ids = JSON.createObjectNode();
        for (int id = 0; id < size; id++) {
            ids.put(vocabulary[id], id);
        }
        ObjectNode tokenizer = (ObjectNode) JSON.readTree("""
                {"version": "1.0", "added_tokens": [], "normalizer": {"type": "Lowercase"},
                 "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated", "invert": false},
                 "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", %d], "cls": ["[CLS]", %d]},
                 "model": {"type": "WordLevel", "unk_token": "[UNK]"}}
                """.formatted(special[2], special[1]));
        ((ObjectNode) tokenizer.path("model")).set("vocab", ids);
        return tokenizer.toString();
    }
}
