package dev.ortune.predictor.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnxruntime.OrtException;
import dev.ortune.predictor.Golden;
import dev.ortune.predictor.TextInput;
import dev.ortune.predictor.TinyClassifier;
import dev.ortune.predictor.batch.Prediction;
import dev.ortune.predictor.text.EncodedText;
import dev.ortune.predictor.text.Truncation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code padding_side: left}: whatever side a batch is filled up on, each text gets what it gets alone. */
class PaddingTest {
    private static final InferenceOptions OPTIONS = new InferenceOptions("auto", new BatchOptions(4096, 512, 32, 1, 1));

    @TempDir
    private Path folder;

    /** As with XLNet, a text's logits are those of a batch's last place. */
    @Test
    void aGraphThatReadsTheLastPlaceIsFilledUpOnTheLeft() throws IOException {
        Path model = TinyClassifier.write(folder.resolve("last"));
        Path file = model.resolve("onnx/model.onnx");
        ModelProto.Builder proto = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        GraphProto.Builder graph = proto.getGraphBuilder().clearNode();
        graph.addInitializer(
                        TensorProto.newBuilder().setName("end").setDataType(7).addInt64Data(-1))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Gather")
                        .addInput("input_ids")
                        .addInput("end")
                        .addOutput("ends")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("axis")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(1)))
                .addNode(NodeProto.newBuilder()
                        .setOpType("Gather")
                        .addInput("table")
                        .addInput("ends")
                        .addOutput("logits"));
        Files.write(file, proto.build().toByteArray());
        Files.delete(model.resolve("onnx/export.json"));
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"padding_side\": \"left\"}");
        try (ServedModel served = ServedModel.open(VersionFolder.of(model), OPTIONS)) {
            List<CompletableFuture<Prediction>> answers = served.predict(
                    List.of(TextInput.of("w1 w2 w3 w4 w90"), TextInput.of("w1 w60"), TextInput.of("w30")),
                    Truncation.RIGHT);
            int[] last = {90, 60, 30};
            for (int i = 0; i < last.length; i++) {
                assertThat(answers.get(i).join().logits()[2])
                        .isCloseTo((float) TinyClassifier.logits(last[i])[2], within(1e-6F));
            }
        }
    }

    /** A BERT's positions would move with filling on the left. */
    @Test
    void aGraphWithAbsolutePositionsIsFilledUpOnTheRight() throws IOException {
        Path model = folder.resolve("bert");
        for (String name : List.of("config.json", "tokenizer.json", "onnx/model.onnx")) {
            Path to = model.resolve(name);
            Files.createDirectories(to.getParent());
            Files.copy(Golden.folder("token-classification/wordpiece").resolve(name), to);
        }
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"padding_side\": \"left\"}");
        List<TextInput> texts = List.of(TextInput.of("Sarah lives in Berlin and Paris."), TextInput.of("Sarah"));
        try (ServedModel served = ServedModel.open(VersionFolder.of(model), OPTIONS)) {
            float[] together =
                    served.predict(texts, Truncation.RIGHT).get(1).join().logits();
            float[] alone = served.predict(texts.subList(1, 2), Truncation.RIGHT)
                    .get(0)
                    .join()
                    .logits();
            assertThat(together).containsExactly(alone, within(1e-4F));
        }
    }

    /** Tokens' logits are found behind the filling. */
    @Test
    void tokensAreFoundBehindTheFilling() throws IOException, OrtException {
        Path model = TinyClassifier.write(folder.resolve("tokens"));
        Path file = model.resolve("onnx/model.onnx");
        ModelProto.Builder proto = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        GraphProto.Builder graph = proto.getGraphBuilder();
        int sum = graph.getNodeCount() - 1;
        graph.removeNode(sum).getNodeBuilder(sum - 1).setOutput(0, "logits");
        graph.getOutputBuilder(0).getTypeBuilder().getTensorTypeBuilder().clearShape();
        Files.write(file, proto.build().toByteArray());
        Files.delete(model.resolve("onnx/export.json"));
        Path config = model.resolve("config.json");
        Files.writeString(
                config,
                Files.readString(config)
                        .replace(
                                "{\"model_type\"",
                                "{\"architectures\": [\"XForTokenClassification\"], \"model_type\""));
        ModelFolder opened = ModelFolder.open(VersionFolder.of(model), OPTIONS);
        try (Session session = Session.open(opened, OPTIONS.device(), 1)) {
            session.requireFits(EncodedText::zeros);
            for (boolean left : new boolean[] {false, true}) {
                if (left) {
                    session.fillLeft();
                }
                float[][] rows = session.run(List.of(words(7), words(1, 2, 3), words(60, 90)));
                for (int[] words : new int[][] {{0, 7}, {1, 1, 2, 3}, {2, 60, 90}}) {
                    float[] row = rows[words[0]];
                    assertThat(row).hasSize(3 * (words.length - 1));
                    for (int i = 1; i < words.length; i++) {
                        assertThat(row[3 * i - 1]).isCloseTo((float) TinyClassifier.logits(words[i])[2], within(1e-6F));
                    }
                }
            }
        }
    }

    private static EncodedText words(int... numbers) {
        long[] ids = Arrays.stream(numbers).mapToLong(number -> number + 2).toArray();
        return new EncodedText(ids, new long[ids.length]);
    }
}
