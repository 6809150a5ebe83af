package dev.ortune.exporter.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.TinyWeights;
import dev.ortune.exporter.export.ExportOptions;
import dev.ortune.exporter.export.ExportedFile;
import dev.ortune.exporter.export.Exporter;
import dev.ortune.exporter.export.Exports;
import dev.ortune.exporter.export.ModelSource;
import dev.ortune.exporter.export.Optimize;
import dev.ortune.exporter.export.Precision;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.OnnxReader;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.precision.ActivationScale;
import dev.ortune.exporter.precision.Quantisation;
import dev.ortune.exporter.verify.DataColumns;
import dev.ortune.exporter.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @CsvSource({
        "albert, 0, 2, 3",
        "mpnet, 1, 0, 2",
        "deberta-v2, 0, 2, 3",
        "deberta-v3, 0, 2, 3",
        "modernbert, 0, 2, 3",
        "t5, 0, 2, 1",
        "gpt2, 0, 2, 3",
        "llama, 0, 2, 3",
        "qwen2, 0, 2, 3"
    })
    void filesOfTheTrainersGraphsDoSoToo(String family, int pad, int begin, int end) throws Exception {
        for (String task : List.of("sequence-classification", "token-classification")) {
            String name = family + "-" + task;
            requireTransformersLogits(ofTheTrainer(name, pad, begin, end), TinyModel.golden(name));
        }
    }

    /** Their norms are written out with a reduction, whose axes became an input with opset 18. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "t5"})
    void normsRunAtOtherOpsetsToo(String family) throws Exception {
        Path model = ofTheTrainer(family + "-sequence-classification", 0, 2, family.equals("t5") ? 1 : 3);
        for (int opset : List.of(18, 21)) {
            ExportOptions options = new ExportOptions(
                    List.of(Precision.FP32, Precision.FP16),
                    List.of(),
                    opset,
                    null,
                    DataColumns.FOUND,
                    Quantisation.with(ActivationScale.TENSOR),
                    false,
                    1);
            assertThat(new Exporter(ModelSource.of(model), options, line -> {})
                            .run()
                            .files())
                    .hasSize(2);
        }
    }

    /** Whose answers begin and end where two outputs say. */
    @ParameterizedTest
    @ValueSource(strings = {"modernbert", "deberta-v3"})
    void filesOfAnswersDoSoToo(String family) throws Exception {
        String name = family + "-question-answering";
        requireTransformersLogits(ofTheTrainer(name, 0, 2, 3), TinyModel.golden(name));
    }

    /** Whose word embedding is a table and, turned, a matrix. */
    @ParameterizedTest
    @CsvSource({"bert, 0, 2, 3", "roberta, 1, 0, 2"})
    void modelsThatFillMasksHaveTheirTableOnce(String family, int pad, int begin, int end) throws Exception {
        String name = family + "-masked-lm";
        Path model = ofTheTrainer(name, pad, begin, end);
        requireTransformersLogits(model, TinyModel.golden(name));
        Graph exported = OnnxReader.read(model.resolve("onnx/model.onnx"));
        assertThat(exported.constants().values())
                .filteredOn(tensor -> tensor.elements() == 48 * 12)
                .hasSize(1);
    }

    /** A model that writes texts has a file that takes keys and values of tokens before, and one that does not. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "qwen2"})
    void textsThatGrowHaveTheSameLogits(String family) throws Exception {
        Path golden = TinyModel.golden(family + "-causal-lm");
        Path model = copy(golden, 0, 2, 3);
        Path graphs = Path.of("../vectors/graphs");
        Files.copy(
                graphs.resolve(family + "-causal-lm.onnx"),
                model.resolve("graph.onnx"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.copy(graphs.resolve(family + "-causal-lm-with-past.onnx"), model.resolve("graph_with_past.onnx"));
        ExportOptions options = TinyModel.inThreePrecisions(true);
        List<ExportedFile> files =
                new Exporter(ModelSource.of(model), options, line -> {}).run().files();
        assertThat(files)
                .extracting(ExportedFile::name)
                .containsExactly(
                        "model.onnx",
                        "model_fp16.onnx",
                        "model_int8.onnx",
                        "decoder_model.onnx",
                        "decoder_model_fp16.onnx",
                        "decoder_model_int8.onnx");
        for (ExportedFile file : files) {
            double most = file.name().contains("fp16") ? 2e-2 : 1e-4;
            assertThat(file.name().contains("int8") || file.verification().logitDifference() < most)
                    .as("%s", file)
                    .isTrue();
            assertThat(file.verification().agreement().share()).as("%s", file).isGreaterThan(0.9);
        }
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.path("task").asText()).isEqualTo("text-generation");
        assertThat(json.path("inputs").has("past_key_values.1.value")).isTrue();
        Graph exported = OnnxReader.read(model.resolve("onnx/model.onnx"));
        assertThat(exported.constants().values())
                .filteredOn(tensor -> tensor.elements() == 48 * 12)
                // Llama's decoder is a matrix of its own.
                .hasSize(family.equals("llama") ? 2 : 1);
    }

    /** Rows of all adapters are in each batch that is compared; the last layer works on first tokens alone all the same. */
    @Test
    void filesWithAdaptersAreLikeTheirGraph() throws Exception {
        Path model = copy(TinyModel.golden("bert-sequence-classification"), 0, 2, 3);
        Path graph = Path.of("../vectors/graphs/bert-adapters.onnx");
        Files.copy(graph, model.resolve("graph.onnx"), StandardCopyOption.REPLACE_EXISTING);
        TinyWeights.write(model, "");
        Files.writeString(model.resolve("adapters.json"), "{\"adapters\": [{}, {}, {}]}");
        ExportOptions options = TinyModel.inThreePrecisions(false);
        List<ExportedFile> files =
                new Exporter(ModelSource.of(model), options, line -> {}).run().files();
        assertThat(files).hasSize(3).allMatch(file -> file.verification().passed());
        Graph exported = OnnxReader.read(model.resolve("onnx/model.onnx"));
        assertThat(exported.inputs()).containsKey("adapter");
        assertThat(exported.nodes()).anyMatch(node -> node.name().endsWith("_first_token"));
    }

    /** Of examples with two to four choices, all of which are asked about as those of one. */
    @ParameterizedTest
    @CsvSource({"bert, 0, 2, 3", "roberta, 1, 0, 2"})
    void filesOfChoicesDoSoToo(String family, int pad, int begin, int end) throws Exception {
        String name = family + "-multiple-choice";
        requireTransformersLogits(ofTheTrainer(name, pad, begin, end), TinyModel.golden(name));
    }

    private Path ofTheTrainer(String name, int... special) throws IOException {
        Path model = copy(TinyModel.golden(name), special);
        Path graph = Path.of("../vectors/graphs", name + ".onnx");
        Files.copy(graph, model.resolve("graph.onnx"), StandardCopyOption.REPLACE_EXISTING);
        return model;
    }

    /** The verdict is which one is chosen, whatever the number of choices. */
    @Test
    void choicesAreComparedByTheOneThatIsChosen() throws Exception {
        Path model = ofTheTrainer("bert-multiple-choice", 0, 2, 3);
        StringBuilder rows = new StringBuilder("sent1,sent2,ending0,ending1,ending2,label\n");
        for (int i = 0; i < 40; i++) {
            rows.append("a")
                    .append(i)
                    .append(",b,c")
                    .append(i * 7)
                    .append(",d")
                    .append(i * 3)
                    .append(",");
            rows.append(i % 2 == 0 ? "e" + i * 5 : "").append(",").append(i % 2).append('\n');
        }
        Path data = Files.writeString(folder.resolve("swag.csv"), rows);
        ExportOptions options = new ExportOptions(
                List.of(Precision.FP32, Precision.INT8),
                List.of(Optimize.CPU),
                17,
                data,
                DataColumns.FOUND,
                Quantisation.with(ActivationScale.TENSOR),
                true,
                1);
        List<ExportedFile> files =
                new Exporter(ModelSource.of(model), options, line -> {}).run().files();
        assertThat(files).hasSize(4);
        Verification figures = files.get(0).verification();
        assertThat(figures.texts()).isEqualTo(new Verification.Texts("swag.csv", 40));
        assertThat(figures.agreement().count()).isEqualTo(40);
        assertThat(figures.agreement().share()).isEqualTo(1);
        assertThat(figures.accuracy().exported())
                .isEqualTo(figures.accuracy().source())
                .isBetween(0.01, 0.99);
        assertThat(figures.probabilityDifference()).isLessThan(1e-5);
        assertThat(files.get(2).verification().agreement().share()).isGreaterThan(0.9);
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.path("task").asText()).isEqualTo("multiple-choice");
        assertThat(json.at("/inputs/input_ids").toString()).isEqualTo("[\"batch\",\"choices\",\"sequence\"]");
        assertThat(json.path("outputs").toString()).isEqualTo("{\"logits\":[\"batch\",\"choices\"]}");
        assertThat(json.at("/files/0/verification/verdicts/of").asText()).isEqualTo("texts");
        assertThat(operators(model.resolve("onnx/model_cpu.onnx")))
                .containsEntry("MultiHeadAttention", 2)
                .containsEntry("EmbedLayerNormalization", 1)
                .containsEntry("SkipLayerNormalization", 4)
                .containsEntry("BiasGelu", 2)
                .doesNotContainKeys("Softmax", "Erf");
        assertThat(Files.size(model.resolve("onnx/model.onnx"))).isPositive();
    }

    @Test
    void withoutDataBuiltInChoicesAreCompared() throws Exception {
        Path model = ofTheTrainer("roberta-multiple-choice", 1, 0, 2);
        ObjectNode config = JsonFile.readObject(model.resolve("config.json"));
        config.remove("architectures");
        Files.writeString(model.resolve("config.json"), config.toString());
        ExportOptions options = TinyModel.inFloat32();
        List<ExportedFile> files =
                new Exporter(ModelSource.of(model), options, line -> {}).run().files();
        Verification figures = files.get(0).verification();
        assertThat(figures.texts().data()).isEqualTo("built-in sentences, without labels");
        assertThat(figures.accuracy()).isNull();
        assertThat(JsonFile.readObject(model.resolve("onnx/export.json"))
                        .path("task")
                        .asText())
                .isEqualTo("multiple-choice");
        config.putArray("architectures").add("RobertaForSequenceClassification");
        Files.writeString(model.resolve("config.json"), config.toString());
        assertThatThrownBy(() -> new Exporter(ModelSource.of(model), options, line -> {}).run())
                .hasMessageContaining("graph.onnx: multiple-choice takes texts as [batch, choices, sequence]");
    }

    private static Map<String, Integer> operators(Path file) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        ModelProto.parseFrom(Files.readAllBytes(file))
                .getGraph()
                .getNodeList()
                .forEach(node -> counts.merge(node.getOpType(), 1, Integer::sum));
        return counts;
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
        ExportOptions options =
                TinyModel.options(List.of(Precision.FP32, Precision.FP16), List.of(Optimize.CPU), false);
        List<String> said = new ArrayList<>();
        Exports exports = new Exporter(ModelSource.of(model), options, said::add).run();
        said.addAll(exports.leftOut());
        List<ExportedFile> files = exports.files();
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
            boolean ofChoices =
                    ((TensorInfo) session.getInputInfo().get("input_ids").getInfo()).getShape().length == 3;
            for (String name : session.getInputNames()) {
                long[][] rows = JSON.convertValue(batch.required(name), long[][].class);
                inputs.put(
                        name,
                        ofChoices
                                ? OnnxTensor.createTensor(environment, new long[][][] {rows})
                                : OnnxTensor.createTensor(environment, rows));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                if (result.get("logits").isEmpty()) {
                    return beside(
                            (float[][]) result.get("start_logits").orElseThrow().getValue(),
                            (float[][]) result.get("end_logits").orElseThrow().getValue());
                }
                Object logits = result.get("logits").orElseThrow().getValue();
                return ofChoices ? columns(((float[][]) logits)[0]) : logits;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** The golden files' form: both of a token together. */
    private static float[][][] beside(float[][] starts, float[][] ends) {
        float[][][] both = new float[starts.length][starts[0].length][];
        for (int text = 0; text < both.length; text++) {
            for (int token = 0; token < both[text].length; token++) {
                both[text][token] = new float[] {starts[text][token], ends[text][token]};
            }
        }
        return both;
    }

    /** The golden files' form: a row a choice. */
    private static float[][] columns(float[] choices) {
        float[][] rows = new float[choices.length][1];
        for (int i = 0; i < rows.length; i++) {
            rows[i][0] = choices[i];
        }
        return rows;
    }

    /** A tokenizer of so few tokens that the golden models' tables are enough: letters and digits. */
    static String letters(int size, int... special) throws IOException {
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
