package dev.ortune.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.ortune.predictor.LabelScores;
import dev.ortune.predictor.OrtuneException;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.model.BatchOptions;
import dev.ortune.predictor.model.InferenceOptions;
import dev.ortune.predictor.text.Truncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file with adapters: each is a model, all of them share one file in memory and its batches. */
@Timeout(60)
class AdaptersTest {
    private static final InferenceOptions OPTIONS = new InferenceOptions("auto", new BatchOptions(256, 300, 32, 1, 1));

    /** What each adapter adds to the logits of {@link TinyClassifier}. */
    private static final float[][] SHIFTS = {{0, 0, 0}, {5, 0, 0}, {0, 0, -4}};

    @TempDir
    private Path folder;

    private Path joined;

    @BeforeEach
    void writeModel() throws IOException {
        joined = TinyClassifier.write(folder.resolve("joined"));
        Path file = joined.resolve("onnx/model.onnx");
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        GraphProto.Builder graph = model.getGraphBuilder();
        graph.getNodeBuilder(graph.getNodeCount() - 1).setOutput(0, "unshifted");
        TensorProto.Builder shifts = TensorProto.newBuilder()
                .setName("shifts")
                .setDataType(1)
                .addDims(SHIFTS.length)
                .addDims(3);
        for (float[] shift : SHIFTS) {
            for (float value : shift) {
                shifts.addFloatData(value);
            }
        }
        graph.addInitializer(shifts)
                .addInput(ValueInfoProto.newBuilder()
                        .setName("adapter")
                        .setType(TypeProto.newBuilder()
                                .setTensorType(TypeProto.Tensor.newBuilder()
                                        .setElemType(7)
                                        .setShape(TensorShapeProto.newBuilder()
                                                .addDim(TensorShapeProto.Dimension.newBuilder()
                                                        .setDimParam("batch"))))))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Gather")
                        .addInput("shifts")
                        .addInput("adapter")
                        .addOutput("shift"))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Add")
                        .addInput("unshifted")
                        .addInput("shift")
                        .addOutput("logits"));
        Files.write(file, model.build().toByteArray());
        Files.delete(joined.resolve("onnx/export.json"));
        describe("plain", "no", "maybe", "yes");
        describe("negative", "no", "maybe", "yes");
        describe("renamed", "red", "green", "blue");
    }

    private final List<String> described = new ArrayList<>();

    private void describe(String name, String... labels) throws IOException {
        described.add(
                "{\"name\": \"%s\", \"config\": {\"model_type\": \"tiny\", \"max_position_embeddings\": 16, \"id2label\": {\"0\": \"%s\", \"1\": \"%s\", \"2\": \"%s\"}}}"
                        .formatted(name, labels[0], labels[1], labels[2]));
        Files.writeString(joined.resolve("adapters.json"), "{\"adapters\": [" + String.join(", ", described) + "]}");
    }

    @Test
    void eachAdapterIsAModel() {
        try (ModelStore store = ModelStore.open(List.of(joined), OPTIONS)) {
            assertThat(store.names()).containsExactly("plain", "negative", "renamed");
            List<CompletableFuture<Prediction>> answers = new ArrayList<>();
            List<Lease> leases = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Lease lease = store.lease(store.names().get(i % 3));
                leases.add(lease);
                answers.addAll(lease.model().predict(List.of(TextInput.of("w" + (i + 1))), Truncation.RIGHT));
            }
            for (int i = 0; i < 60; i++) {
                float[] logits = answers.get(i).join().logits();
                double[] plain = TinyClassifier.logits(i + 1);
                for (int label = 0; label < 3; label++) {
                    assertThat((double) logits[label])
                            .as("text %d, label %d", i, label)
                            .isCloseTo(plain[label] + SHIFTS[i % 3][label], within(1e-5));
                }
            }
            LabelScores named =
                    (LabelScores) leases.get(2).model().answer(answers.get(2).join());
            assertThat(leases.get(2).model().info().labels()).containsExactly("red", "green", "blue");
            assertThat(named.scores()).hasSize(3);
            leases.forEach(Lease::close);
        }
    }

    /** A lease of one keeps the file that all share, though the others are gone. */
    @Test
    void fileIsThereAsLongAsOneOfThemIs() {
        ModelStore store = ModelStore.open(List.of(joined), OPTIONS);
        Lease last = store.lease("negative");
        Thread closing = new Thread(store::close);
        closing.start();
        try (last) {
            assertThat(last.model()
                            .predict(List.of(TextInput.of("w1")), Truncation.RIGHT)
                            .get(0)
                            .join()
                            .logits()[0])
                    .isCloseTo((float) TinyClassifier.logits(1)[0] + 5, within(1e-5f));
        }
    }

    @Test
    void whatContradictsItselfIsRefused() throws IOException {
        describe("plain", "no", "maybe", "yes");
        assertThatThrownBy(() -> ModelStore.open(List.of(joined), OPTIONS))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("two models are called plain");
        Files.writeString(joined.resolve("adapters.json"), "{\"adapters\": [{\"name\": \"a\"}]}");
        assertThatThrownBy(() -> ModelStore.open(List.of(joined), OPTIONS))
                .isInstanceOf(OrtuneException.class)
                .hasMessageContaining("an adapter needs a name and a config");
    }
}
