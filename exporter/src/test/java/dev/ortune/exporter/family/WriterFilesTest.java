package dev.ortune.exporter.family;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.export.ExportOptions;
import dev.ortune.exporter.export.ExportedFile;
import dev.ortune.exporter.export.Exporter;
import dev.ortune.exporter.export.Exports;
import dev.ortune.exporter.export.ModelSource;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encoder and decoder of a T5 in files of their own, and what they write beside what transformers writes. */
class WriterFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GOLDEN = TinyModel.golden("t5-gated-text2text");
    private static final int MOST = 12;

    @TempDir
    private static Path folder;

    private static Exports exports;
    private static final List<OrtSession> SESSIONS = new ArrayList<>();

    @BeforeAll
    static void export() throws IOException, OrtException {
        Path model = written("writer");
        ExportOptions options = TinyModel.inThreePrecisions(false);
        exports = new Exporter(ModelSource.of(model), options, line -> {}).run();
        for (String name :
                List.of("encoder_model", "decoder_model", "decoder_with_past_model", "decoder_model_merged")) {
            SESSIONS.add(OrtEnvironment.getEnvironment()
                    .createSession(model.resolve("onnx").resolve(name + ".onnx").toString()));
        }
    }

    /** A model that writes the names of labels. */
    private static Path written(String name) throws IOException {
        Path model = Files.createDirectories(folder.resolve(name));
        Files.copy(GOLDEN.resolve("model.safetensors"), model.resolve("model.safetensors"));
        try (var graphs = Files.list(Path.of("../vectors/graphs/t5-gated-text2text"))) {
            for (Path graph : graphs.toList()) {
                Files.copy(graph, model.resolve(graph.getFileName()));
            }
        }
        var config = JsonFile.readObject(GOLDEN.resolve("config.json"));
        config.putObject("id2label").put("0", "no").put("1", "yes").put("2", "perhaps");
        config.put("problem_type", "single_label_classification").put("prefix", "judge: ");
        Files.writeString(model.resolve("config.json"), config.toString());
        Files.writeString(model.resolve("tokenizer.json"), GoldenFamilyTest.letters(48, 0, 2, 1));
        return model;
    }

    @AfterAll
    static void close() throws OrtException {
        for (OrtSession session : SESSIONS) {
            session.close();
        }
    }

    @Test
    void allFourAreThereInEachPrecision() {
        assertThat(exports.leftOut()).isEmpty();
        assertThat(exports.files())
                .extracting(ExportedFile::name)
                .containsExactly(
                        "model.onnx",
                        "model_fp16.onnx",
                        "model_int8.onnx",
                        "encoder_model.onnx",
                        "decoder_model.onnx",
                        "decoder_with_past_model.onnx",
                        "decoder_model_merged.onnx",
                        "encoder_model_fp16.onnx",
                        "decoder_model_fp16.onnx",
                        "decoder_with_past_model_fp16.onnx",
                        "decoder_model_merged_fp16.onnx",
                        "encoder_model_int8.onnx",
                        "decoder_model_int8.onnx",
                        "decoder_with_past_model_int8.onnx",
                        "decoder_model_merged_int8.onnx");
        assertThat(exports.files().get(3).verification().logitDifference()).isLessThan(1e-4);
        JsonNode json = JsonFile.readObject(folder.resolve("writer/onnx/export.json"));
        assertThat(json.path("task").asText()).isEqualTo("text-classification");
        assertThat(json.path("source").has("decoder_merged_graph.onnx")).isTrue();
    }

    /** One that writes any text has no likelihoods of labels: there is no file of the whole. */
    @Test
    void ofAnyTextThereAreEncoderAndDecoderAlone() throws IOException {
        Path model = written("any");
        Files.move(model.resolve("any_text_graph.onnx"), model.resolve("graph.onnx"), REPLACE_EXISTING);
        ObjectNode config = JsonFile.readObject(model.resolve("config.json"));
        config.remove(List.of("id2label", "problem_type"));
        Files.writeString(model.resolve("config.json"), config.toString());
        Exports any = new Exporter(ModelSource.of(model), TinyModel.inThreePrecisions(false), line -> {}).run();
        assertThat(any.leftOut()).isEmpty();
        assertThat(any.files())
                .hasSize(12)
                .extracting(ExportedFile::name)
                .startsWith("encoder_model.onnx")
                .doesNotContain("model.onnx");
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.path("task").asText()).isEqualTo("text2text-generation");
        assertThat(json.path("inputs").has("decoder_input_ids")).isTrue();
    }

    /** As Optimum has them and transformers.js fills them with nothing: {@code batch_size} is the one size that it knows. */
    @Test
    void inputsAndOutputsAreNamedAsOptimumNamesThem() throws OrtException {
        assertThat(SESSIONS.get(0).getInputNames()).containsExactlyInAnyOrder("input_ids", "attention_mask");
        assertThat(SESSIONS.get(0).getOutputNames()).containsExactly("last_hidden_state");
        assertThat(SESSIONS.get(1).getInputNames())
                .containsExactlyInAnyOrder("input_ids", "encoder_attention_mask", "encoder_hidden_states");
        assertThat(SESSIONS.get(1).getOutputNames())
                .contains("logits", "present.1.decoder.key", "present.1.encoder.value");
        assertThat(SESSIONS.get(2).getInputNames())
                .contains("past_key_values.0.decoder.key", "past_key_values.1.encoder.value")
                .doesNotContain("encoder_hidden_states");
        assertThat(SESSIONS.get(2).getOutputNames())
                .contains("logits", "present.1.decoder.key")
                .doesNotContain("present.1.encoder.value");
        assertThat(SESSIONS.get(3).getInputNames())
                .contains("encoder_hidden_states", "past_key_values.1.encoder.value");
        TensorInfo past = (TensorInfo) SESSIONS.get(3)
                .getInputInfo()
                .get("past_key_values.0.decoder.key")
                .getInfo();
        assertThat(past.getDimensionNames()[0]).isEqualTo("batch_size");
        assertThat(past.getShape()[1]).isEqualTo(3);
        assertThat(past.getShape()[3]).isEqualTo(5);
    }

    @Test
    void fiftyTextsAreTransformersTokenForToken() throws IOException, OrtException {
        JsonNode entries = JSON.readTree(GOLDEN.resolve("greedy.json").toFile());
        assertThat(entries).hasSize(50);
        for (JsonNode entry : entries) {
            long[] prompt = entry.required("prompt")
                    .valueStream()
                    .mapToLong(JsonNode::asLong)
                    .toArray();
            List<Long> written = entry.required("written")
                    .valueStream()
                    .map(JsonNode::asLong)
                    .toList();
            assertThat(greedy(prompt, SESSIONS.get(1), SESSIONS.get(1), false))
                    .as("without past")
                    .isEqualTo(written);
            assertThat(greedy(prompt, SESSIONS.get(1), SESSIONS.get(2), true))
                    .as("with past")
                    .isEqualTo(written);
            assertThat(greedy(prompt, SESSIONS.get(3), SESSIONS.get(3), true))
                    .as("merged")
                    .isEqualTo(written);
        }
    }

    private static List<Long> greedy(long[] prompt, OrtSession first, OrtSession next, boolean past)
            throws OrtException {
        long[] mask = new long[prompt.length];
        Arrays.fill(mask, 1);
        Map<String, OnnxTensor> known = new HashMap<>();
        known.put("input_ids", tensor(prompt));
        known.put("attention_mask", tensor(mask));
        known.put("encoder_attention_mask", tensor(mask));
        known.put("encoder_hidden_states", (OnnxTensor)
                run(SESSIONS.get(0), known).get(0));
        List<Long> tokens = new ArrayList<>(List.of(0L));
        while (tokens.size() <= MOST && tokens.get(tokens.size() - 1) != 1) {
            List<Long> read = past ? tokens.subList(tokens.size() - 1, tokens.size()) : tokens;
            known.put(
                    "input_ids", tensor(read.stream().mapToLong(Long::longValue).toArray()));
            OrtSession.Result result = run(tokens.size() == 1 ? first : next, known);
            FloatBuffer logits = ((OnnxTensor) result.get("logits").orElseThrow()).getFloatBuffer();
            int vocab = logits.remaining() / read.size();
            int from = logits.remaining() - vocab;
            int best = 0;
            for (int i = 1; i < vocab; i++) {
                best = logits.get(from + i) > logits.get(from + best) ? i : best;
            }
            tokens.add((long) best);
            result.forEach(output -> {
                if (past && output.getKey().startsWith("present.")) {
                    known.put(
                            output.getKey().replaceFirst("present", "past_key_values"), (OnnxTensor) output.getValue());
                }
            });
        }
        return tokens.subList(1, tokens.size());
    }

    private static OrtSession.Result run(OrtSession session, Map<String, OnnxTensor> known) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        for (String name : session.getInputNames()) {
            OnnxTensor tensor = known.get(name);
            if (tensor == null) {
                long[] shape = ((TensorInfo) session.getInputInfo().get(name).getInfo()).getShape();
                tensor = OnnxTensor.createTensor(
                        OrtEnvironment.getEnvironment(), FloatBuffer.allocate(0), new long[] {1, shape[1], 0, shape[3]
                        });
            }
            inputs.put(name, tensor);
        }
        return session.run(inputs);
    }

    private static OnnxTensor tensor(long[] values) throws OrtException {
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), LongBuffer.wrap(values), new long[] {1, values.length});
    }
}
