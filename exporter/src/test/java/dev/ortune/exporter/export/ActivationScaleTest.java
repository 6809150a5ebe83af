package dev.ortune.exporter.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.databind.JsonNode;
import dev.ortune.exporter.JsonFile;
import dev.ortune.exporter.TinyBert;
import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.Node;
import dev.ortune.exporter.graph.OnnxWriter;
import dev.ortune.exporter.graph.Tensor;
import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.precision.ActivationScale;
import dev.ortune.exporter.precision.Int8Quantisation;
import dev.ortune.exporter.precision.Quantisation;
import dev.ortune.exporter.verify.DataColumns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** int8 with a scale a tensor or a token. */
class ActivationScaleTest {
    private static final int WIDTH = 64;

    @TempDir
    private Path folder;

    /** Which no file with a scale a tensor gives: its texts share it. */
    @Test
    void aTextsAnswerIsItsOwnWithAScaleAToken() throws OrtException {
        Path model = TinyBert.write(folder.resolve("tiny"));
        ExportedFile tensor = export(model, List.of(ActivationScale.TENSOR));
        double apart = differenceOfNeighbours(tensor.paths().get(0));
        assertThat(apart).isGreaterThan(1e-3);
        ExportedFile token = export(model, List.of(ActivationScale.TOKEN));
        assertThat(differenceOfNeighbours(token.paths().get(0))).isLessThan(1e-5);
        assertThat(token.verification().logitDifference()).isLessThan(0.1);
        JsonNode json = JsonFile.readObject(model.resolve("onnx/export.json"));
        assertThat(json.at("/files/0/activation_scale").asText()).isEqualTo("token");
    }

    /** As on processors without 8-bit dot products, whichever this one is. */
    @ParameterizedTest
    @EnumSource(ActivationScale.class)
    void exactProductsGiveTheSame(ActivationScale scale) throws OrtException {
        Path file = export(TinyBert.write(folder.resolve("tiny")), List.of(scale))
                .paths()
                .get(0);
        long[][] ids = {{2, 20, 30, 3}, {2, 40, 50, 3}};
        try (OrtSession.SessionOptions exact = new OrtSession.SessionOptions();
                OrtSession plain = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            exact.addConfigEntry("session.x64quantprecision", "1");
            try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), exact)) {
                float[][] logits = logits(session, ids);
                float[][] others = logits(plain, ids);
                for (int text = 0; text < ids.length; text++) {
                    // Overflow is what exact products are for; where there is none, only the order of sums may differ.
                    assertThat(logits[text]).containsExactly(others[text], within(0.1f));
                }
            }
        }
    }

    private static ExportedFile export(Path model, List<ActivationScale> scales) {
        ExportOptions options = options(scales, true);
        return new Exporter(ModelSource.of(model), options, line -> {})
                .run()
                .files()
                .get(0);
    }

    /** How far the logits of one text move, at most, where other texts stand beside it. */
    private static double differenceOfNeighbours(Path file) throws OrtException {
        Random random = new Random(1);
        long[][] ids = new long[16][12];
        for (long[] text : ids) {
            Arrays.setAll(text, i -> i == 0 ? 2 : 5 + random.nextInt(300));
        }
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
            float[][] together = logits(session, ids);
            double most = 0;
            for (int text = 0; text < ids.length; text++) {
                float[] alone = logits(session, new long[][] {ids[text]})[0];
                for (int label = 0; label < alone.length; label++) {
                    most = Math.max(most, Math.abs(alone[label] - together[text][label]));
                }
            }
            return most;
        }
    }

    private static float[][] logits(OrtSession session, long[][] ids) throws OrtException {
        long[][] ones = new long[ids.length][ids[0].length];
        for (long[] row : ones) {
            Arrays.fill(row, 1);
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor tokens = OnnxTensor.createTensor(environment, ids);
                OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
                OnnxTensor types = OnnxTensor.createTensor(environment, new long[ids.length][ids[0].length]);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", tokens, "attention_mask", mask, "token_type_ids", types))) {
            return (float[][]) result.get(0).getValue();
        }
    }

    /** 0 / 0 is no number, and must not become one of the next token's. Reductions are written in two ways. */
    @ParameterizedTest
    @ValueSource(ints = {17, 18})
    void aTokenOfZerosGivesZeros(int opset) throws OrtException {
        Graph graph = product(opset);
        float[] weights = new float[WIDTH * WIDTH];
        Random random = new Random(2);
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        graph.constants().put("weights", Tensor.floats(new long[] {WIDTH, WIDTH}, weights));
        new Int8Quantisation(false, ActivationScale.TOKEN).apply(graph);
        Path file = OnnxWriter.write(graph, folder.resolve("product.onnx")).get(0);
        float[][] x = new float[3][WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            x[0][i] = (float) random.nextGaussian();
            x[2][i] = 1000 * (float) random.nextGaussian();
        }
        float[][] y;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(file.toString());
                OnnxTensor tensor = OnnxTensor.createTensor(environment, x);
                OrtSession.Result result = session.run(Map.of("x", tensor))) {
            y = (float[][]) result.get(0).getValue();
        }
        for (float zero : y[1]) {
            assertThat(zero).isZero();
        }
        for (int token : new int[] {0, 2}) {
            for (int column = 0; column < WIDTH; column++) {
                double exact = 0;
                for (int i = 0; i < WIDTH; i++) {
                    exact += (double) x[token][i] * weights[i * WIDTH + column];
                }
                // Both are rounded to 1 / 254 of their largest at most; sums of 64 such errors have a deviation of 0.25
                // here.
                assertThat((double) y[token][column]).isCloseTo(exact, within(token == 0 ? 1.0 : 1000.0));
            }
        }
    }

    private static Graph product(int opset) {
        Graph graph = new Graph("product", opset);
        ValueType type = new ValueType(ElementType.FLOAT, List.of(Dim.of("tokens"), Dim.of(WIDTH)));
        graph.inputs().put("x", type);
        graph.outputs().put("y", type);
        graph.replaceNodes(List.of(Node.of("MatMul", "product", List.of("x", "weights"), "y")));
        return graph;
    }

    /** Only where the one before it is not kept; what is kept by force is the last. */
    @Test
    void scalesAreTriedInTurn() {
        List<String> tried = new ArrayList<>();
        List<String> said = new ArrayList<>();
        Variant int8 = new Variant(Precision.INT8, null);
        ExportOptions options = options(List.of(ActivationScale.values()), true);
        assertThat(options.firstKept(int8, said::add, (form, force) -> {
                    tried.add(form.scale() + " " + force);
                    return form.scale() == ActivationScale.TENSOR ? "too far" : null;
                }))
                .isNull();
        assertThat(tried).containsExactly("tensor false", "token true");
        assertThat(said).hasSize(1);
        tried.clear();
        assertThat(options.firstKept(int8, said::add, (form, force) -> {
                    tried.add(form.scale() + " " + force);
                    return null;
                }))
                .isNull();
        assertThat(tried).containsExactly("tensor false");
        ExportOptions unforced = options(List.of(ActivationScale.values()), false);
        assertThat(unforced.firstKept(int8, said::add, (form, force) -> form.scale() + " " + force))
                .isEqualTo("token false");
        assertThat(unforced.firstKept(new Variant(Precision.FP32, null), said::add, (form, force) -> "no"))
                .isEqualTo("no");
        assertThat(said).hasSize(2);
    }

    private static ExportOptions options(List<ActivationScale> scales, boolean force) {
        return new ExportOptions(
                List.of(Precision.INT8),
                List.of(),
                17,
                null,
                DataColumns.FOUND,
                new Quantisation(false, scales),
                force,
                1);
    }
}
