package dev.ortune.trainer.pretrained;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxEncoderTest {
    private static final WeightNames NAMES = WeightNames.of(TinyBert.SHAPE);
    private static final Tensor BIAS = SafetensorsTest.tensor("b", new long[] {2}, 1, 2);
    private static final String NAME = "encoder.layer.0.output.dense.bias";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsNamedTensorsAndTheMatricesOfMatMuls(boolean raw) throws IOException {
        Path file = TinyOnnx.write(folder, TinyOnnx.graph(TinyBert.encoder(), raw));
        Weights weights = NAMES.canonical(OnnxEncoder.read(file, NAMES::isUsed));
        assertThat(weights.all()).hasSameSizeAs(TinyBert.encoder());
        TinyBert.assertSame(
                new Weights(
                        "",
                        TinyBert.encoder().stream()
                                .map(each -> weights.get(each.name()))
                                .toList()),
                TinyBert.encoder());
    }

    @Test
    void leavesRawDataInTheMappedFile() throws IOException {
        Path file = TinyOnnx.write(folder, TinyOnnx.graph(TinyBert.encoder(), true));
        Weights weights = OnnxEncoder.read(file, NAMES::isUsed);
        assertThat(weights.get("embeddings.word_embeddings.weight").data().isDirect())
                .isTrue();
        assertThat(weights.get("embeddings.word_embeddings.weight").data().isReadOnly())
                .isTrue();
    }

    @Test
    void refusesAnythingElse() throws IOException {
        refused(Files.write(folder.resolve("model.onnx"), new byte[] {1, 2, 3}), "is not an ONNX model (");
        refused(Files.write(folder.resolve("model.onnx"), new byte[0]), "is not an ONNX model (no graph inside)");
        refused(folder.resolve("absent.onnx"), "cannot be read (no such file)");
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        Path file = TinyOnnx.write(folder, TinyOnnx.graph(TinyBert.encoder(), true));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 20));
        refused(file, "is not an ONNX model (");
    }

    @Test
    void refusesTooFewBytes() throws IOException {
        refused(bias().setRawData(ByteString.copyFrom(new byte[7])), "tensor " + NAME + " needs 8 bytes but has 7");
    }

    @Test
    void refusesTooFewFloats() throws IOException {
        refused(bias().clearRawData().addFloatData(1), "tensor " + NAME + " needs 8 bytes but has 4");
    }

    @Test
    void refusesOtherTypes() throws IOException {
        refused(bias().setDataType(7), "tensor " + NAME + " is INT64; only FLOAT can be read");
    }

    @Test
    void refusesExternalData() throws IOException {
        refused(
                bias().setDataLocation(TensorProto.DataLocation.EXTERNAL),
                "tensor " + NAME + " lies in another file (external data), which is not supported");
    }

    @Test
    void refusesNegativeDimensions() throws IOException {
        refused(bias().clearDims().addDims(-2), "tensor " + NAME + " has the impossible dimension -2");
    }

    @Test
    void refusesShapesThatOverflow() throws IOException {
        refused(
                bias().clearDims().addDims(1 << 30).addDims(1 << 30).addDims(1 << 30),
                "tensor " + NAME + " is larger than 2 GB, which is not supported");
    }

    @Test
    void refusesADuplicate() throws IOException {
        refused(
                TinyOnnx.write(
                        folder, GraphProto.newBuilder().addInitializer(bias()).addInitializer(bias())),
                "tensor " + NAME + " appears twice");
    }

    @Test
    void refusesAWeightThatIsNoMatrix() throws IOException {
        GraphProto.Builder graph = TinyOnnx.graph(TinyBert.encoder(), true);
        int index = graph.getNode(0).getInput(1).equals(graph.getInitializer(5).getName()) ? 5 : -1;
        graph.setInitializer(
                index, graph.getInitializer(index).toBuilder().clearDims().addDims(16));
        refused(
                TinyOnnx.write(folder, graph),
                "tensor encoder.layer.0.attention.self.query.weight is no matrix: it has 1 dimensions");
    }

    private static TensorProto.Builder bias() {
        return TinyOnnx.initializer(NAME, BIAS, true);
    }

    private void refused(TensorProto.Builder tensor, String message) throws IOException {
        refused(TinyOnnx.write(folder, GraphProto.newBuilder().addInitializer(tensor)), message);
    }

    private static void refused(Path file, String message) {
        assertThatThrownBy(() -> OnnxEncoder.read(file, NAMES::isUsed))
                .isExactlyInstanceOf(OrtuneException.class)
                .hasMessageStartingWith(file + ": " + message);
    }
}
