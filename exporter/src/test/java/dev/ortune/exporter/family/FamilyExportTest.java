package dev.ortune.exporter.family;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.export.ExportOptions;
import dev.ortune.exporter.export.ExportTable;
import dev.ortune.exporter.export.ExportedFile;
import dev.ortune.exporter.export.Exporter;
import dev.ortune.exporter.export.ModelSource;
import dev.ortune.exporter.export.Optimize;
import dev.ortune.exporter.export.Precision;
import dev.ortune.exporter.precision.ActivationScale;
import dev.ortune.exporter.precision.Quantisation;
import dev.ortune.exporter.verify.Agreement.Unit;
import dev.ortune.exporter.verify.DataColumns;
import dev.ortune.exporter.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole exports of each family and task, in all precisions. */
class FamilyExportTest {
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
    void allFilesAreLikeTheirSource(Family family, boolean ofTokens) throws IOException, OrtException {
        Path model = TinyModel.write(folder.resolve("model"), family, ofTokens);
        List<ExportedFile> files = export(model, null);
        assertThat(files).hasSize(9);
        for (ExportedFile file : files) {
            Verification figures = file.verification();
            assertThat(figures.agreement().unit()).isEqualTo(ofTokens ? Unit.TOKENS : Unit.TEXTS);
            assertThat(figures.logitDifference())
                    .as(file.name())
                    .isLessThan(
                            switch (file.variant().precision()) {
                                case FP32 -> 1e-5;
                                case FP16 -> 1e-2;
                                case INT8 -> 0.2;
                                case INT4 -> 1;
                            });
            assertThat(inputs(read(file.paths().get(0))))
                    .containsExactlyInAnyOrderElementsOf(
                            family.hasTypes()
                                    ? List.of("input_ids", "attention_mask", "token_type_ids")
                                    : List.of("input_ids", "attention_mask"));
        }
        assertThat(queries(read(model.resolve("onnx/model.onnx")), family)).isEqualTo(ofTokens ? "sequence" : "1");
        assertThat(operators(model.resolve("onnx/model_cpu.onnx")))
                .containsEntry("MultiHeadAttention", 2)
                .containsEntry("SkipLayerNormalization", family == Family.ROBERTA ? 5 : 4)
                .containsEntry("BiasGelu", family == Family.ELECTRA && !ofTokens ? 3 : 2)
                .doesNotContainKeys("Softmax", "Erf");
        assertThat(operators(model.resolve("onnx/model_cpu.onnx")).containsKey("EmbedLayerNormalization"))
                .isEqualTo(family != Family.ROBERTA);
        assertThat(operators(model.resolve("onnx/model_int8.onnx")))
                .containsKeys("DynamicQuantizeMatMul", "MatMulIntegerToFloat")
                .doesNotContainKey("MatMulInteger");
        assertThat(operators(model.resolve("onnx/model_q4.onnx"))).containsKey("MatMulNBits");
    }

    @Test
    void theTaskStandsInWhatIsWritten() throws IOException {
        Path model = TinyModel.write(folder.resolve("model"), Family.ROBERTA, true);
        Path data = Files.writeString(
                folder.resolve("words.conll"),
                "-DOCSTART- -X- O\n\nThe DT O\nferry NN O\nleaves VB O\n\nZürich NN B-LOC\n");
        List<ExportedFile> files = export(model, data);
        assertThat(files.get(0).verification().texts()).isEqualTo(new Verification.Texts("words.conll", 2));
        assertThat(files.get(0).verification().agreement().count()).isEqualTo(11);
        assertThat(ExportTable.lines(files)).element(1).asString().contains("100.00 % of tokens");
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.path("task").asText()).isEqualTo("token-classification");
        assertThat(json.has("problem_type")).isFalse();
        assertThat(json.path("inputs").toString())
                .isEqualTo("{\"input_ids\":[\"batch\",\"sequence\"],\"attention_mask\":[\"batch\",\"sequence\"]}");
        assertThat(json.path("outputs").toString()).isEqualTo("{\"logits\":[\"batch\",\"sequence\",3]}");
        assertThat(json.at("/files/0/verification/verdicts/of").asText()).isEqualTo("tokens");
        assertThat(json.at("/files/0/verification").has("accuracy")).isFalse();
        Map<String, String> metadata = read(model.resolve("onnx/model.onnx")).getMetadataPropsList().stream()
                .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
        assertThat(metadata)
                .containsEntry("ortune.task", "token-classification")
                .containsEntry("ortune.labels", "[\"bad\",\"fair\",\"good\"]")
                .containsEntry("ortune.max_length", "64");
    }

    @Test
    void severalLabelsAreComparedOneByOne() throws IOException {
        Path model = TinyModel.ofSeveralLabels(folder.resolve("model"), Family.DISTILBERT);
        // What stands in the label's column is not one of the labels.
        Path data = Files.writeString(folder.resolve("data.tsv"), "text\tlabel\nthe cat sleeps\tbad good\nthe dog\t\n");
        Verification figures = export(model, data).get(0).verification();
        assertThat(figures.agreement().unit()).isEqualTo(Unit.LABELS);
        assertThat(figures.agreement().count()).isEqualTo(6);
        assertThat(figures.mcc()).isNull();
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.path("problem_type").asText()).isEqualTo("multi_label_classification");
    }

    @Test
    void numbersAreComparedByTheVarianceThatIsKept() throws IOException {
        Path model = TinyModel.ofOneNumber(folder.resolve("model"), Family.BERT);
        List<ExportedFile> files = export(model, null);
        Verification figures = files.get(0).verification();
        assertThat(figures.agreement().unit()).isEqualTo(Unit.NUMBERS);
        assertThat(figures.agreement().share()).isBetween(0.999999, 1.0);
        assertThat(figures.probabilityDifference()).isNull();
        assertThat(ExportTable.lines(files)).element(1).asString().contains("R2 1.0000");
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.path("problem_type").asText()).isEqualTo("regression");
        assertThat(json.at("/files/0/verification/explained_variance").asDouble())
                .isGreaterThan(0.999999);
    }

    /** The verdict is the place where each of the two is largest. */
    @Test
    void beginningsAndEndsAreBothCompared() throws IOException {
        Path model = TinyModel.ofAnswers(folder.resolve("model"), Family.BERT);
        Path data = Files.writeString(folder.resolve("squad.json"), """
                {"data": [{"paragraphs": [{"context": "the cat sleeps in a small house",
                 "qas": [{"question": "who sleeps", "id": "1"}, {"question": "where", "id": "2"}]}]}]}
                """.replace("\n", ""));
        List<ExportedFile> files = export(model, data);
        assertThat(files).hasSize(9);
        Verification figures = files.get(0).verification();
        assertThat(figures.texts()).isEqualTo(new Verification.Texts("squad.json", 2));
        assertThat(figures.logitDifference()).isLessThan(1e-5);
        assertThat(figures.agreement().count()).isEqualTo(4);
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.path("task").asText()).isEqualTo("question-answering");
        assertThat(json.path("outputs").toString())
                .isEqualTo("{\"start_logits\":[\"batch\",\"sequence\"],\"end_logits\":[\"batch\",\"sequence\"]}");
        assertThat(queries(read(model.resolve("onnx/model.onnx")), Family.BERT)).isEqualTo("sequence");
    }

    /** What a second output reads of all tokens has to be computed of all. */
    @Test
    void aSecondOutputIsComparedAndKeepsAllTokens() throws IOException {
        Path model = TinyModel.withHiddenStates(folder.resolve("model"), Family.BERT);
        List<ExportedFile> files = export(model, null);
        assertThat(files.get(0).verification().logitDifference()).isLessThan(1e-4);
        ModelProto written = read(model.resolve("onnx/model.onnx"));
        assertThat(queries(written, Family.BERT)).isEqualTo("sequence");
        assertThat(written.getGraph().getOutputList().stream().map(ValueInfoProto::getName))
                .containsExactly("logits", "last_hidden_state");
        assertThat(JsonFile.readObject(model.resolve("onnx/export.json"))
                        .path("outputs")
                        .toString())
                .isEqualTo("{\"logits\":[\"batch\",3],\"last_hidden_state\":[\"batch\",\"sequence\",64]}");
    }

    @Test
    void aConfigurationThatSaysNothingIsNoObstacle() throws IOException {
        Path model = TinyModel.write(folder.resolve("model"), Family.ELECTRA, true);
        Files.writeString(model.resolve("config.json"), "{\"max_position_embeddings\": 64}");
        export(model, null);
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.path("task").asText()).isEqualTo("token-classification");
        Map<String, String> metadata = read(model.resolve("onnx/model.onnx")).getMetadataPropsList().stream()
                .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
        assertThat(metadata).containsEntry("ortune.labels", "[\"LABEL_0\",\"LABEL_1\",\"LABEL_2\"]");
    }

    private static List<ExportedFile> export(Path model, Path data) {
        ExportOptions options = new ExportOptions(
                Arrays.asList(Precision.values()),
                Arrays.asList(Optimize.values()),
                17,
                data,
                DataColumns.FOUND,
                Quantisation.with(ActivationScale.TENSOR),
                true,
                1);
        return new Exporter(ModelSource.of(model), options, line -> {}).run().files();
    }

    /** Of how many tokens the last layer's feed-forward block is computed. */
    private static String queries(ModelProto model, Family family) {
        String module = family.module("encoder") + "/layer/1/"
                + family.module("intermediate.dense").replace('.', '/');
        return model.getGraph().getValueInfoList().stream()
                .filter(value -> value.getName().endsWith(module + "/MatMul_output_0"))
                .map(value -> value.getType().getTensorType().getShape().getDim(1))
                .map(dim -> dim.hasDimValue() ? Long.toString(dim.getDimValue()) : dim.getDimParam())
                .findFirst()
                .orElseThrow();
    }

    private Map<String, Integer> operators(Path file) throws IOException, OrtException {
        Path optimised = folder.resolve(file.getFileName() + ".optimised");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
            options.setOptimizedModelFilePath(optimised.toString());
            OrtEnvironment.getEnvironment()
                    .createSession(file.toString(), options)
                    .close();
        }
        Map<String, Integer> counts = new TreeMap<>();
        read(optimised).getGraph().getNodeList().forEach(node -> counts.merge(node.getOpType(), 1, Integer::sum));
        return counts;
    }

    private static List<String> inputs(ModelProto model) {
        return model.getGraph().getInputList().stream()
                .map(ValueInfoProto::getName)
                .toList();
    }

    private static ModelProto read(Path file) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(file));
    }
}
