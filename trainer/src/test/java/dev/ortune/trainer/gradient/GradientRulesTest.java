package dev.ortune.trainer.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.GraphRunner;
import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.runtime.CudaDevices;
import dev.ortune.trainer.runtime.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule against central differences, and the driver's accumulation and broadcasting. */
class GradientRulesTest {
    private static final long SEED = 20261123;

    /**
     * One operator on random inputs.
     *
     * @param name for the report
     * @param covers the operator whose rule this tries
     * @param shapes of the inputs, all differentiated
     * @param tolerance of the comparison, absolute, gradients being near 1
     * @param body the operator
     */
    record Case(
            String name,
            String covers,
            List<long[]> shapes,
            double tolerance,
            BiFunction<Ops, List<Value>, Value> body) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Value column(Ops ops, long... values) {
        return ops.reshape(ops.vector(values), Shape.of(values.length, 1));
    }

    private static Case of(String name, String covers, BiFunction<Ops, List<Value>, Value> body, long[]... shapes) {
        return new Case(name, covers, List.of(shapes), 2e-3, body);
    }

    private static long[] dims(long... dims) {
        return dims;
    }

    static Stream<Case> cases() {
        long[] matrix = dims(3, 4);
        return Stream.of(
                of("Add, same shapes", "Add", (o, v) -> o.add(v.get(0), v.get(1)), matrix, matrix),
                of("Add, a vector to every row", "Add", (o, v) -> o.add(v.get(0), v.get(1)), matrix, dims(4)),
                of("Add, a stretched column", "Add", (o, v) -> o.add(v.get(0), v.get(1)), matrix, dims(3, 1)),
                of("Add, both stretched", "Add", (o, v) -> o.add(v.get(0), v.get(1)), dims(2, 1, 4), dims(3, 1)),
                of("Sub", "Sub", (o, v) -> o.sub(v.get(0), v.get(1)), matrix, dims(4)),
                of("Mul", "Mul", (o, v) -> o.mul(v.get(0), v.get(1)), matrix, dims(3, 1)),
                of("Div", "Div", (o, v) -> o.div(v.get(0), o.add(v.get(1), o.scalar(4f))), matrix, dims(4)),
                of("Neg", "Neg", (o, v) -> o.neg(v.get(0)), matrix),
                of("Identity", "Identity", (o, v) -> o.identity(v.get(0)), matrix),
                of("MatMul", "MatMul", (o, v) -> o.matMul(v.get(0), v.get(1)), matrix, dims(4, 5)),
                of("MatMul, batched", "MatMul", (o, v) -> o.matMul(v.get(0), v.get(1)), dims(2, 3, 4), dims(2, 4, 5)),
                fused(false, false, dims(2, 3, 4), dims(2, 4, 5)),
                fused(false, true, dims(2, 3, 4), dims(2, 5, 4)),
                fused(true, false, dims(2, 4, 3), dims(2, 4, 5)),
                fused(true, true, dims(2, 4, 3), dims(2, 5, 4)),
                gemm(false, false, dims(3, 4), dims(4, 5)),
                gemm(false, true, dims(3, 4), dims(5, 4)),
                gemm(true, false, dims(4, 3), dims(4, 5)),
                gemm(true, true, dims(4, 3), dims(5, 4)),
                of(
                        "Gemm without bias",
                        "Gemm",
                        (o, v) -> o.gemm(v.get(0), v.get(1), null, false, true),
                        matrix,
                        matrix),
                of("Gather, rows repeated", "Gather", (o, v) -> o.gather(v.get(0), o.vector(2, 0, 2, 2), 0), matrix),
                of("Gather, rows picked once", "Gather", GradientRulesTest::pickOnce, dims(4, 3)),
                of("Gather, all rows permuted", "Gather", GradientRulesTest::permute, dims(4, 3)),
                of("Reshape", "Reshape", (o, v) -> o.reshape(v.get(0), Shape.of(2, 6)), matrix),
                of("Transpose", "Transpose", (o, v) -> o.transpose(v.get(0), 2, 0, 1), dims(2, 3, 4)),
                of("ReduceSum", "ReduceSum", (o, v) -> o.reduceSum(v.get(0), false, 0, 1), matrix),
                of("ReduceSum, two axes", "ReduceSum", (o, v) -> o.reduceSum(v.get(0), false, 0, 2), dims(2, 3, 4)),
                of("ReduceSum, axis kept", "ReduceSum", (o, v) -> o.reduceSum(v.get(0), true, 1), matrix),
                of("Expand", "Expand", GradientRulesTest::expand, dims(3, 1)),
                of("Slice, first rows", "Slice", (o, v) -> o.slice(v.get(0), o.vector(2), Shape.of(2, 4)), matrix),
                of("Slice, last axis", "Slice", GradientRulesTest::slice, matrix),
                new Case(
                        "LayerNormalization",
                        "LayerNormalization",
                        List.of(dims(3, 8), dims(8), dims(8)),
                        5e-3,
                        (o, v) -> o.layerNormalization(v.get(0), v.get(1), v.get(2), 1e-5f)),
                new Case(
                        "LayerNormalization of three dimensions",
                        "LayerNormalization",
                        List.of(dims(2, 3, 8), dims(8), dims(8)),
                        5e-3,
                        (o, v) -> o.layerNormalization(v.get(0), v.get(1), v.get(2), 1e-5f)),
                new Case(
                        "SimplifiedLayerNormalization",
                        "SimplifiedLayerNormalization",
                        List.of(dims(3, 8), dims(8)),
                        5e-3,
                        (o, v) -> o.simplifiedLayerNormalization(v.get(0), v.get(1), 1e-5f)),
                new Case(
                        "SimplifiedLayerNormalization of three dimensions",
                        "SimplifiedLayerNormalization",
                        List.of(dims(2, 3, 8), dims(8)),
                        5e-3,
                        (o, v) -> o.simplifiedLayerNormalization(v.get(0), v.get(1), 1e-5f)),
                of("Softmax", "Softmax", (o, v) -> o.softmax(v.get(0)), dims(2, 3, 4)),
                of(
                        "GatherElements, one a row",
                        "GatherElements",
                        (o, v) -> o.gatherElements(v.get(0), column(o, 2, 0, 2, 1)),
                        dims(4, 3)),
                of("LogSoftmax", "LogSoftmax", (o, v) -> o.logSoftmax(v.get(0)), matrix),
                of("Gelu", "com.microsoft.Gelu", (o, v) -> o.microsoft().gelu(v.get(0)), dims(3, 16)),
                of("FastGelu", "com.microsoft.FastGelu", (o, v) -> o.microsoft().fastGelu(v.get(0)), dims(3, 16)),
                of(
                        "FastGelu with a bias",
                        "com.microsoft.FastGelu",
                        (o, v) -> o.microsoft().biasGelu(v.get(0), v.get(1), false),
                        dims(3, 16),
                        dims(16)),
                of(
                        "BiasGelu",
                        "com.microsoft.BiasGelu",
                        (o, v) -> o.microsoft().biasGelu(v.get(0), v.get(1), true),
                        dims(3, 16),
                        dims(16)),
                of("Split", "Split", GradientRulesTest::split, dims(6, 2)),
                of("Split, last axis", "Split", GradientRulesTest::splitColumns, dims(2, 6)),
                of("Gather, rows picked up to three times", "Gather", GradientRulesTest::pickSeveralTimes, dims(3, 2)),
                of("Unsqueeze", "Unsqueeze", (o, v) -> o.unsqueeze(v.get(0), o.vector(1)), matrix),
                of("RotaryEmbedding", "com.microsoft.RotaryEmbedding", GradientRulesTest::rotate, dims(2, 3, 8)),
                of(
                        "LayerNormalization without bias",
                        "LayerNormalization",
                        (o, v) -> o.layerNormalization(v.get(0), v.get(1), null, 1e-5f),
                        dims(3, 8),
                        dims(8)),
                of(
                        "Concat",
                        "Concat",
                        (o, v) -> o.concat(1, new Shape.Dim(null, 8), v.get(0), v.get(1)),
                        matrix,
                        matrix),
                of("Split, the first part unused", "Split", GradientRulesTest::splitWithoutItsFirstPart, dims(6, 2)),
                of("Cast", "Cast", (o, v) -> o.cast(v.get(0), ElementType.FLOAT), matrix),
                of("Relu", "Relu", (o, v) -> o.relu(v.get(0)), dims(3, 16)),
                of("Sigmoid", "Sigmoid", (o, v) -> o.sigmoid(v.get(0)), matrix),
                of("Softplus", "Softplus", (o, v) -> o.softplus(v.get(0)), matrix),
                of("Tanh", "Tanh", (o, v) -> o.tanh(v.get(0)), matrix),
                of("Dropout of nothing", "Dropout", (o, v) -> o.dropout(v.get(0), 0f), matrix),
                of("a value used three times", "Add", GradientRulesTest::reuse, matrix));
    }

    /** Operators that only CUDA has, without dropping anything. */
    static Stream<Case> cudaCases() {
        return Stream.of(
                of(
                        "BiasDropout of nothing",
                        "com.microsoft.BiasDropout",
                        (o, v) -> o.microsoft().biasDropout(v.get(0), v.get(1), v.get(2), 0f),
                        dims(3, 8),
                        dims(8),
                        dims(3, 8)),
                of(
                        "BiasSoftmaxDropout of nothing",
                        "com.microsoft.BiasSoftmaxDropout",
                        (o, v) -> o.microsoft().biasSoftmaxDropout(v.get(0), keyBias(o), 0f),
                        dims(1, 2, 2, 3, 4)));
    }

    private static Value expand(Ops ops, List<Value> inputs) {
        return ops.expand(inputs.get(0), ops.vector(2, 3, 4), Shape.of(2, 3, 4));
    }

    private static Value slice(Ops ops, List<Value> inputs) {
        return ops.slice(inputs.get(0), ops.vector(1), ops.vector(3), -1, new Shape.Dim(null, 2));
    }

    private static Value splitColumns(Ops ops, List<Value> inputs) {
        List<Value> parts = ops.split(inputs.get(0), 3, 1).outputs();
        return ops.mul(parts.get(0), ops.add(parts.get(1), ops.mul(parts.get(2), parts.get(2))));
    }

    /** Row 0 once, row 1 three times, row 2 never. */
    private static Value pickSeveralTimes(Ops ops, List<Value> inputs) {
        Value back = ops.constant(new Constant(ElementType.INT64, dims(3, 3), dims(0, 0, 0, 1, 2, 3, 0, 0, 0)));
        Value mask = ops.constant(Constant.floats(new float[] {1, 0, 0, 1, 1, 1, 0, 0, 0}, 3, 3, 1));
        Value indices = ops.constant(new Constant(ElementType.INT64, dims(2, 2), dims(0, 1, 1, 1)));
        return ops.gatherRows(inputs.get(0), indices, new RowInverse(back, mask));
    }

    private static Value rotate(Ops ops, List<Value> inputs) {
        Value places = ops.constant(new Constant(ElementType.INT64, dims(2, 3), dims(0, 1, 2, 1, 2, 0)));
        Value angles = ops.constant(Constant.floats(new float[] {0, 0, 1, 2, 3, 4}, 3, 2));
        return ops.microsoft().rotaryEmbedding(inputs.get(0), places, ops.cos(angles), ops.sin(angles));
    }

    private static Value keyBias(Ops ops) {
        return ops.constant(Constant.floats(new float[] {0, 0, 0, -10000, 0, 1, 2, 3}, 1, 2, 1, 1, 4));
    }

    private static Value split(Ops ops, List<Value> in) {
        List<Value> parts = ops.split(in.get(0), 3).outputs();
        return ops.add(ops.mul(parts.get(0), parts.get(1)), parts.get(2));
    }

    private static Value splitWithoutItsFirstPart(Ops ops, List<Value> in) {
        List<Value> parts = ops.split(in.get(0), 3).outputs();
        return ops.mul(parts.get(1), parts.get(2));
    }

    private static Case fused(boolean transA, boolean transB, long[]... shapes) {
        return of(
                "FusedMatMul " + transA + " " + transB,
                "com.microsoft.FusedMatMul",
                (o, v) -> o.microsoft().fusedMatMul(v.get(0), v.get(1), transA, transB, 0.5f),
                shapes);
    }

    private static Case gemm(boolean transA, boolean transB, long[] a, long[] b) {
        return of(
                "Gemm " + transA + " " + transB,
                "Gemm",
                (o, v) -> o.gemm(v.get(0), v.get(1), v.get(2), transA, transB),
                a,
                b,
                dims(5));
    }

    private static Value pickOnce(Ops ops, List<Value> in) {
        Value mask = ops.constant(Constant.floats(new float[] {1, 0, 0, 1}, 4, 1));
        return ops.gatherRows(in.get(0), ops.vector(3, 0), new RowInverse(ops.vector(1, 0, 0, 0), mask));
    }

    private static Value permute(Ops ops, List<Value> in) {
        return ops.gatherRows(in.get(0), ops.vector(2, 0, 3, 1), new RowInverse(ops.vector(1, 3, 0, 2), null));
    }

    private static Value reuse(Ops ops, List<Value> in) {
        Value x = in.get(0);
        return ops.add(ops.mul(x, x), ops.tanh(x));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreThoseOfCentralDifferences(Case tried) throws OrtException {
        for (ScatterAdd scatter : ScatterAdd.values()) {
            new FiniteDifferences(tried, scatter).check(Device.CPU);
        }
    }

    @ParameterizedTest
    @MethodSource("cudaCases")
    void gradientsOfCudasOwnOperatorsAreThoseOfCentralDifferences(Case tried) throws OrtException {
        new FiniteDifferences(tried, ScatterAdd.PRODUCT_IF_SMALL).check(CudaDevices.required());
    }

    /** Where no GPU is, the nodes' types and shapes at least are what ONNX Runtime infers: only kernels are missing. */
    @ParameterizedTest
    @MethodSource("cudaCases")
    void onnxRuntimeAcceptsCudasOwnOperators(Case tried) {
        assertThatThrownBy(() -> new FiniteDifferences(tried, ScatterAdd.GATHER_GRAD).check(Device.CPU))
                .hasMessageStartingWith("Error code - ORT_NOT_IMPLEMENTED");
    }

    @Test
    void everyRuleIsTried() {
        Set<String> covered = new TreeSet<>();
        Stream.concat(cases(), cudaCases()).forEach(tried -> covered.add(tried.covers()));
        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        table(ScatterAdd.GATHER_GRAD).keySet());
    }

    @Test
    void dropoutPassesTheGradientWhereItPassedTheValue() throws OrtException {
        Graph graph = new Graph("dropout");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(40, 50));
        Value y = ops.dropout(x, 0.25f);
        Value loss = ops.reduceSum(y, false, 0, 1);
        Value dx = differentiate(loss, List.of(x)).get(x);
        graph.output(y, "y");
        graph.output(dx, "dx");
        float[] ones = new float[2000];
        Arrays.fill(ones, 1);
        try (GraphRunner runner = new GraphRunner(graph)) {
            Map<String, float[]> result = runner.run(Map.of("x", ones), Map.of("x", dims(40, 50)));
            assertThat(result.get("dx")).containsExactly(result.get("y"));
            int dropped = 0;
            for (float value : result.get("y")) {
                dropped += value == 0 ? 1 : 0;
            }
            assertThat(dropped).isBetween(400, 600);
        }
    }

    @Test
    void anOperatorWithoutARuleIsNamed() {
        Graph graph = new Graph("erf");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(2));
        Value loss = ops.reduceSum(ops.in("here").erf(x), false, 0);
        assertThatThrownBy(() -> differentiate(loss, List.of(x)))
                .hasMessage("No gradient is known for Erf (/here/Erf)");
    }

    @Test
    void anOperatorOfAnotherDomainIsNotTakenForOnnxsOwn() {
        Graph graph = new Graph("domains");
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(2));
        Node own = new Ops(graph).tanh(x).graph().nodes().get(0);
        Node other = new Node("Tanh", "com.example", "/Tanh", own.inputs(), own.outputs(), Map.of(), null);
        assertThat(GradientRules.key(own)).isEqualTo("Tanh");
        assertThat(table(ScatterAdd.DISTINCT_ROWS)).doesNotContainKey(GradientRules.key(other));
    }

    @Test
    void aGradientThatNoRuleWouldPassOnIsNamed() {
        Graph graph = new Graph("mean");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(2, 3));
        Value scale = graph.input("scale", ElementType.FLOAT, Shape.of(3));
        ops.in("norm").layerNormalization(x, scale, scale, 1e-5f);
        Value mean = graph.nodes().get(0).output(1);
        Value loss = ops.reduceSum(mean, false, 0, 1);
        assertThatThrownBy(() -> differentiate(loss, List.of(x)))
                .hasMessage("The loss depends on /norm/LayerNormalization_output_1, but of LayerNormalization only the"
                        + " first output's gradient is known");
    }

    @Test
    void shapesThatMayNotFitAreNamed() {
        Graph graph = new Graph("shapes");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", ElementType.FLOAT, Shape.of("rows", 3));
        Value loss = ops.reduceSum(ops.identity(x), false, 0, 1);
        GradientRule other = (node, dy, o) -> List.of(o.reshape(dy, o.vector(-1, 3), Shape.of("others", 3)));
        Map<String, GradientRule> rules = Map.of(
                "Identity", other, "ReduceSum", table(ScatterAdd.DISTINCT_ROWS).get("ReduceSum"));
        assertThatThrownBy(() -> Differentiator.differentiate(loss, ops.scalar(1f), List.of(x), rules))
                .hasMessage(
                        "A gradient of shape [others, 3] reaches a value of shape [rows, 3]: whether they fit is not"
                                + " known");
    }

    @Test
    void aWeightThatTheLossDoesNotUseIsNamed() {
        Graph graph = new Graph("unused");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(2));
        Value unused = graph.input("unused", ElementType.FLOAT, Shape.of(2));
        Value loss = ops.reduceSum(x, false, 0);
        assertThatThrownBy(() -> differentiate(loss, List.of(x, unused)))
                .hasMessage("The loss does not depend on unused");
    }

    @Test
    void nothingIsComputedForInputsThatAreNoWeights() {
        Graph graph = new Graph("frozen");
        Ops ops = new Ops(graph);
        Value x = graph.input("x", ElementType.FLOAT, Shape.of(2, 3));
        Value w = graph.input("w", ElementType.FLOAT, Shape.of(3, 3));
        Value hidden = ops.in("frozen").tanh(x);
        Value loss = ops.reduceSum(ops.matMul(hidden, w), false, 0, 1);
        differentiate(loss, List.of(w));
        assertThat(graph.nodes()).noneMatch(node -> node.operator().equals("TanhGrad"));
    }

    /** Each way of a CPU is tried beside the other. */
    private static Map<String, GradientRule> table(ScatterAdd scatter) {
        boolean cpu = scatter == ScatterAdd.DISTINCT_ROWS;
        return GradientRules.table(scatter, cpu ? NormGradient.OPERATORS : NormGradient.KERNEL);
    }

    private static Map<Value, Value> differentiate(Value loss, List<Value> weights) {
        Value one = new Ops(loss.graph()).scalar(1f);
        return Differentiator.differentiate(loss, one, weights, table(ScatterAdd.DISTINCT_ROWS));
    }

    /** A case's loss is the sum of its result times fixed random factors, so that every element matters differently. */
    private static final class FiniteDifferences {
        private static final float STEP = 1e-2f;

        private final Case tried;
        private final Graph graph = new Graph("case");
        private final Map<String, Object> data = new LinkedHashMap<>();
        private final Map<String, long[]> shapes = new HashMap<>();
        private final Random random = new Random(SEED);

        FiniteDifferences(Case tried, ScatterAdd scatter) {
            this.tried = tried;
            Ops ops = new Ops(graph);
            List<Value> inputs = new ArrayList<>();
            for (long[] shape : tried.shapes()) {
                String name = "x" + inputs.size();
                inputs.add(graph.input(name, ElementType.FLOAT, Shape.of(shape)));
                data.put(name, random(count(shape)));
                shapes.put(name, shape);
            }
            Value result = tried.body().apply(ops, inputs);
            long[] resultShape =
                    result.shape().dims().stream().mapToLong(Shape.Dim::size).toArray();
            Value factors = ops.constant(Constant.floats(random(count(resultShape)), resultShape));
            Value product = ops.mul(result, factors);
            Value loss = product.shape().rank() == 0
                    ? product
                    : ops.reduceSum(
                            product,
                            false,
                            Stream.iterate(0, i -> i + 1)
                                    .limit(product.shape().rank())
                                    .mapToInt(i -> i)
                                    .toArray());
            Map<Value, Value> gradients = Differentiator.differentiate(loss, ops.scalar(1f), inputs, table(scatter));
            graph.output(loss, "loss");
            gradients.forEach((input, gradient) -> {
                assertThat(gradient.shape()).isEqualTo(input.shape());
                graph.output(ops.identity(gradient), input.name() + "_grad");
            });
        }

        void check(Device device) throws OrtException {
            try (GraphRunner runner = new GraphRunner(graph, device)) {
                Map<String, float[]> analytic = runner.run(data, shapes);
                for (String input : shapes.keySet()) {
                    float[] values = (float[]) data.get(input);
                    for (int i = 0; i < values.length; i++) {
                        assertThat((double) analytic.get(input + "_grad")[i])
                                .as("%s: d loss / d %s[%d], seed %d", tried, input, i, SEED)
                                .isCloseTo(difference(runner, values, i), within(tried.tolerance()));
                    }
                }
            }
        }

        private double difference(GraphRunner runner, float[] values, int index) throws OrtException {
            float centre = values[index];
            values[index] = centre + STEP;
            double above = runner.run(data, shapes).get("loss")[0];
            values[index] = centre - STEP;
            double below = runner.run(data, shapes).get("loss")[0];
            values[index] = centre;
            return (above - below) / (2 * STEP);
        }

        private float[] random(int count) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                float value = (float) random.nextGaussian();
                // Away from relu's kink, where the difference quotient means nothing.
                values[i] = Math.abs(value) < 2 * STEP ? 0.5f : value;
            }
            return values;
        }

        private static int count(long[] shape) {
            long count = 1;
            for (long dim : shape) {
                count *= dim;
            }
            return (int) count;
        }
    }
}
