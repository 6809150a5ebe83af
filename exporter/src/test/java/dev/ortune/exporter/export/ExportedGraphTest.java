package dev.ortune.exporter.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.exporter.Sha256;
import dev.ortune.exporter.TinyBert;
import dev.ortune.exporter.family.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the exported files. */
class ExportedGraphTest {
    @TempDir
    private static Path folder;

    private static Path onnx;

    @BeforeAll
    static void export() {
        Path model = TinyBert.write(folder.resolve("tiny"));
        ExportOptions options =
                TinyModel.options(Arrays.asList(Precision.values()), Arrays.asList(Optimize.values()), true);
        new Exporter(ModelSource.of(model), options, line -> {}).run();
        onnx = model.resolve("onnx");
    }

    @Test
    void plainFilesHaveStandardOperatorsOnly() throws IOException {
        for (String file : List.of("model.onnx", "model_fp16.onnx", "model_int8.onnx")) {
            ModelProto model = read(file);
            assertThat(model.getOpsetImportList()).hasSize(1);
            assertThat(model.getGraph().getNodeList())
                    .allMatch(node -> node.getDomain().isEmpty());
        }
    }

    @Test
    void everyValueHasANameATypeAndAShape() throws IOException {
        try (Stream<Path> files = Files.list(onnx)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".onnx")).toList()) {
                ModelProto model = read(file.getFileName().toString());
                Set<String> typed = Stream.of(
                                model.getGraph().getInputList(),
                                model.getGraph().getOutputList(),
                                model.getGraph().getValueInfoList())
                        .flatMap(List::stream)
                        .filter(value -> value.getType().getTensorType().hasShape())
                        .map(ValueInfoProto::getName)
                        .collect(Collectors.toSet());
                for (NodeProto node : model.getGraph().getNodeList()) {
                    assertThat(node.getName()).isNotEmpty();
                    assertThat(typed).as(file.toString()).containsAll(node.getOutputList());
                }
                Set<String> names = new HashSet<>();
                assertThat(model.getGraph().getNodeList()).allMatch(node -> names.add(node.getName()));
            }
        }
    }

    @Test
    void inputsAndOutputAreThoseOfEveryBert() throws IOException {
        for (String file : List.of("model.onnx", "model_fp16.onnx", "model_int8.onnx", "model_fp16_cuda.onnx")) {
            ModelProto model = read(file);
            assertThat(model.getGraph().getInputList().stream().map(ExportedGraphTest::described))
                    .containsExactlyInAnyOrder(
                            "input_ids 7 [batch, sequence]",
                            "attention_mask 7 [batch, sequence]",
                            "token_type_ids 7 [batch, sequence]");
            assertThat(model.getGraph().getOutputList().stream().map(ExportedGraphTest::described))
                    .containsExactly("logits 1 [batch, 3]");
        }
    }

    /** Activations between two integers may be rounded to either; anything else would be off by far more. */
    @Test
    void integersAreHeldAgainstExactArithmetic() throws IOException {
        for (JsonNode file : new ObjectMapper()
                .readTree(onnx.resolve("export.json").toFile())
                .path("files")) {
            JsonNode arithmetic = file.path("verification").path("integer_arithmetic");
            assertThat(arithmetic.isObject())
                    .isEqualTo(file.path("precision").asText().equals("int8"));
            if (arithmetic.isObject()) {
                assertThat(arithmetic.path("max_difference_from_exact").asDouble())
                        .isBetween(0.0, 1e-2);
                assertThat(arithmetic.path("processor").asText()).isNotEmpty();
            }
        }
        assertThat(onnx.resolve("exact.onnx")).doesNotExist();
    }

    @Test
    void nothingIsLeftThatConstantsTell() throws IOException {
        ModelProto model = read("model.onnx");
        Set<String> constants = model.getGraph().getInitializerList().stream()
                .map(TensorProto::getName)
                .collect(Collectors.toSet());
        assertThat(model.getGraph().getNodeList()).noneMatch(node -> constants.containsAll(node.getInputList()));
        Set<String> taken = model.getGraph().getNodeList().stream()
                .flatMap(node -> node.getInputList().stream())
                .collect(Collectors.toSet());
        assertThat(taken).containsAll(constants);
        assertThat(model.getGraph().getNodeList())
                .filteredOn(node -> node.getOpType().equals("LayerNormalization"))
                .isNotEmpty()
                .allMatch(node -> node.getOutputCount() == 1);
    }

    @Test
    void theFileSaysWhatItIs() throws IOException {
        ModelProto model = read("model_int8.onnx");
        Map<String, String> metadata = model.getMetadataPropsList().stream()
                .collect(Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
        assertThat(metadata)
                .containsEntry("ortune.labels", "[\"bad\",\"fair\",\"good\"]")
                .containsEntry("ortune.max_length", "64")
                .containsEntry("ortune.task", "text-classification")
                .containsEntry("ortune.precision", "int8")
                .containsEntry(
                        "ortune.source_sha256", Sha256.of(onnx.getParent().resolve("model.safetensors")));
        assertThat(model.getProducerName()).isEqualTo("ortune");
    }

    @Test
    void theLastLayerWorksOnOneToken() throws IOException {
        Map<String, String> shapes = read("model.onnx").getGraph().getValueInfoList().stream()
                .collect(Collectors.toMap(ValueInfoProto::getName, ExportedGraphTest::described));
        assertThat(shapes.get("/bert/encoder/layer.0/intermediate/dense/MatMul_output_0"))
                .endsWith("[batch, sequence, 128]");
        assertThat(shapes.get("/bert/encoder/layer.1/intermediate/dense/MatMul_output_0"))
                .endsWith("[batch, 1, 128]");
    }

    @Test
    void onnxRuntimeFusesWhatIsMeantToBeFused() throws IOException, OrtException {
        assertThat(operators("model_int8.onnx"))
                .containsEntry("SkipLayerNormalization", 4)
                .containsKeys("DynamicQuantizeMatMul", "MatMulIntegerToFloat")
                .doesNotContainKeys("MatMulInteger", "Erf");
        assertThat(operators("model.onnx")).containsEntry("BiasGelu", 2).doesNotContainKeys("Erf");
        assertThat(operators("model_cpu.onnx"))
                .containsEntry("MultiHeadAttention", 2)
                .containsEntry("SkipLayerNormalization", 4)
                .containsEntry("EmbedLayerNormalization", 1)
                .doesNotContainKeys("Softmax", "Transpose", "LayerNormalization");
        assertThat(operators("model_q4.onnx")).containsKey("MatMulNBits");
    }

    /** ONNX Runtime writes warnings to standard error, past Java, so another process has to be listened to. */
    @Test
    void onnxRuntimeLoadsThemWithoutAWarning() throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(java, "-cp", classPath, LoadAll.class.getName(), onnx.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(output.strip()).isEqualTo("loaded 9");
    }

    /** Loads every file of a folder. */
    static final class LoadAll {
        private LoadAll() {}

        public static void main(String[] arguments) throws IOException, OrtException {
            int loaded = 0;
            try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".onnx")).toList()) {
                    OrtEnvironment.getEnvironment()
                            .createSession(file.toString())
                            .close();
                    loaded++;
                }
            }
            System.out.println("loaded " + loaded);
        }
    }

    private static Map<String, Integer> operators(String file) throws IOException, OrtException {
        Path optimised = folder.resolve(file + ".optimised");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
            options.setOptimizedModelFilePath(optimised.toString());
            OrtEnvironment.getEnvironment()
                    .createSession(onnx.resolve(file).toString(), options)
                    .close();
        }
        Map<String, Integer> counts = new TreeMap<>();
        ModelProto.parseFrom(Files.readAllBytes(optimised))
                .getGraph()
                .getNodeList()
                .forEach(node -> counts.merge(node.getOpType(), 1, Integer::sum));
        return counts;
    }

    private static ModelProto read(String file) throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(onnx.resolve(file)));
    }

    private static String described(ValueInfoProto value) {
        var tensor = value.getType().getTensorType();
        List<String> dims = tensor.getShape().getDimList().stream()
                .map(dim -> dim.hasDimValue() ? Long.toString(dim.getDimValue()) : dim.getDimParam())
                .toList();
        return value.getName() + " " + tensor.getElemType() + " " + dims;
    }
}
