package dev.ortune.trainer.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.encoder.BertClassifier;
import dev.ortune.trainer.encoder.CrossEntropy;
import dev.ortune.trainer.encoder.InferenceGraph;
import dev.ortune.trainer.encoder.ModelInputs;
import dev.ortune.trainer.encoder.Parameters;
import dev.ortune.trainer.encoder.TokenLayout;
import dev.ortune.trainer.gradient.Differentiator;
import dev.ortune.trainer.gradient.GradientRules;
import dev.ortune.trainer.gradient.ScatterAdd;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.GraphRunner;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.training.Evaluation;
import dev.ortune.trainer.training.SessionSettings;
import dev.ortune.trainer.training.TrainingSession;
import dev.ortune.trainer.training.VocabularySubset;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models against PyTorch: logits, every gradient, twenty optimizer steps, and the weights after them. */
class GoldenTrainingTest {
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bert-tiny", "gelu-new", "relu", "label-smoothing-class-weights"})
    void inferenceGraphGivesPyTorchsLogits(String name) throws OrtException {
        GoldenCase golden = GoldenCase.load(name);
        Graph graph = InferenceGraph.of(golden.config(), golden.labels());
        assertThat(graph.nodes()).allMatch(node -> node.domain().isEmpty(), "standard operators only");
        try (GraphRunner runner = new GraphRunner(graph)) {
            Inputs inputs = new Inputs(golden, false);
            assertThat(runner.run(inputs.data, inputs.shapes).get("logits"))
                    .containsExactly(flat(golden.logits()), within(1e-5f));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bert-tiny,GATHER_GRAD",
        "bert-tiny,DISTINCT_ROWS",
        "gelu-new,DISTINCT_ROWS",
        "relu,DISTINCT_ROWS",
        "label-smoothing-class-weights,DISTINCT_ROWS"
    })
    void everyGradientIsPyTorchs(String name, ScatterAdd scatter) throws OrtException {
        GoldenCase golden = GoldenCase.load(name);
        Graph graph = gradientGraph(golden, scatter);
        try (GraphRunner runner = new GraphRunner(graph)) {
            Inputs inputs = new Inputs(golden, true);
            Map<String, float[]> results = runner.run(inputs.data, inputs.shapes);
            assertThat(results.get("logits")).containsExactly(flat(golden.logits()), within(1e-5f));
            for (Tensor expected : golden.gradients().all()) {
                FloatBuffer actual = FloatBuffer.wrap(results.get(expected.name() + "_grad"));
                if (golden.zeroGradient().contains(expected.name())) {
                    for (int i = 0; i < actual.remaining(); i++) {
                        assertThat(actual.get(i)).isCloseTo(0, within(1e-7f));
                    }
                } else {
                    assertClose(expected, actual, TOLERANCE);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bert-tiny", "gelu-new", "relu", "label-smoothing-class-weights", "accumulation", "bert-adam"})
    void twentyStepsArePyTorchs(String name) {
        GoldenCase golden = GoldenCase.load(name);
        try (TrainingSession session = start(golden, reachable(golden))) {
            Evaluation before = session.evaluate(batch(golden.batches().get(0)));
            assertThat(before.logits()).containsExactly(flat(golden.logits()), within(1e-5f));
            twentySteps(golden, session);
        }
    }

    private static void twentySteps(GoldenCase golden, TrainingSession session) {
        for (int step = 0; step < golden.steps(); step++) {
            assertThat(train(golden, session, step))
                    .as("loss of step %d", step)
                    .isCloseTo(golden.losses()[step], within(TOLERANCE * golden.losses()[step]));
            assertThat((double) session.gradNorm())
                    .as("gradient norm of step %d", step)
                    .isCloseTo(golden.gradientNorms()[step], within(TOLERANCE * golden.gradientNorms()[step]));
        }
        assertFinal(golden, session.weights());
    }

    /** In the graphs for CUDA, on the CPU: without the operators that only CUDA has, in single precision. */
    @ParameterizedTest
    @CsvSource({
        "bert-tiny,PACKED",
        "bert-tiny,PADDED",
        "gelu-new,PADDED",
        "relu,PACKED",
        "label-smoothing-class-weights,PACKED",
        "accumulation,PADDED",
        "bert-adam,PACKED"
    })
    void twentyStepsOfTheGraphsForCudaArePyTorchs(String name, TokenLayout layout) {
        GoldenCase golden = GoldenCase.load(name);
        ArtifactOptions options =
                new ArtifactOptions(loss(golden), optimizer(golden), Target.CUDA, Precision.FP32, layout, false);
        try (TrainingSession session = start(golden, reachable(golden), options)) {
            assertThat(session.evaluate(batch(golden.batches().get(0))).logits())
                    .containsExactly(flat(golden.logits()), within(1e-5f));
            twentySteps(golden, session);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "bert-tiny")
    void theWholeVocabularyTrainsToTheSameWeights(String name) {
        GoldenCase golden = GoldenCase.load(name);
        VocabularySubset whole = VocabularySubset.whole(golden.config().vocabSize());
        assertThat(reachable(golden).size()).isLessThan(whole.size());
        try (TrainingSession session = start(golden, whole)) {
            for (int step = 0; step < golden.steps(); step++) {
                train(golden, session, step);
            }
            assertFinal(golden, session.weights());
        }
    }

    private static double train(GoldenCase golden, TrainingSession session, int step) {
        int batches = golden.options().accumulation();
        double rate = golden.learningRates()[step];
        double loss = 0;
        for (int i = 0; i < batches; i++) {
            loss += session.accumulate(batch(golden.batch(step, i)), i, batches, rate) / batches;
        }
        session.optimizerStep(rate);
        return loss;
    }

    private static Optimizer optimizer(GoldenCase golden) {
        GoldenCase.Options o = golden.options();
        Optimizer.Kind kind = o.optimizer().equals("adamw") ? Optimizer.Kind.ADAMW : Optimizer.Kind.BERT_ADAM;
        return new Optimizer(kind, o.beta1(), o.beta2(), o.epsilon(), o.weightDecay(), o.maxGradNorm());
    }

    private TrainingSession start(GoldenCase golden, VocabularySubset vocabulary) {
        return start(golden, vocabulary, new ArtifactOptions(loss(golden), optimizer(golden), Target.CPU));
    }

    private TrainingSession start(GoldenCase golden, VocabularySubset vocabulary, ArtifactOptions options) {
        return TrainingSession.start(
                golden.config(),
                golden.initial(),
                golden.labels(),
                options,
                vocabulary,
                folder,
                new SessionSettings(1, 42));
    }

    private static CrossEntropy loss(GoldenCase golden) {
        double[] weights = golden.options().classWeights();
        float[] floats = null;
        if (weights != null) {
            floats = new float[weights.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) weights[i];
            }
        }
        return new CrossEntropy(golden.options().labelSmoothing(), floats);
    }

    private static VocabularySubset reachable(GoldenCase golden) {
        BitSet used = new BitSet();
        golden.batches().forEach(batch -> {
            for (long id : batch.inputIds()) {
                used.set((int) id);
            }
        });
        return new VocabularySubset(used, golden.config().vocabSize());
    }

    private static Batch batch(GoldenCase.Batch golden) {
        return Batch.of(
                golden.size(),
                golden.length(),
                golden.inputIds(),
                golden.attentionMask(),
                golden.tokenTypeIds(),
                golden.labels(),
                new int[golden.size()]);
    }

    private static Graph gradientGraph(GoldenCase golden, ScatterAdd scatter) {
        Graph graph = new Graph("gradients");
        Ops ops = new Ops(graph);
        Parameters parameters = new Parameters(graph);
        ModelInputs inputs = ModelInputs.of(graph);
        Value labels = graph.input("labels", ElementType.INT64, Shape.of("batch"));
        Value logits = BertClassifier.logits(golden.config(), golden.labels(), inputs, parameters, ops, true);
        Value loss = loss(golden).of(logits, labels, ops);
        graph.output(logits, "logits");
        Differentiator.differentiate(loss, ops.scalar(1f), parameters.all(), GradientRules.table(scatter))
                .forEach((parameter, gradient) -> graph.output(ops.identity(gradient), parameter.name() + "_grad"));
        return graph;
    }

    private static void assertFinal(GoldenCase golden, Weights trained) {
        assertThat(trained.all()).hasSameSizeAs(golden.finalWeights().all());
        for (Tensor expected : golden.finalWeights().all()) {
            FloatBuffer actual = trained.get(expected.name()).data();
            if (golden.zeroGradient().contains(expected.name())) {
                FloatBuffer initial = golden.initial().get(expected.name()).data();
                for (int i = 0; i < initial.remaining(); i++) {
                    assertThat((double) actual.get(i)).isCloseTo(initial.get(i), within(golden.drift()));
                }
            } else {
                assertClose(expected, actual, TOLERANCE);
            }
        }
    }

    /** Element by element, relative to the element or, for small ones, to the tensor's root mean square. */
    private static void assertClose(Tensor expected, FloatBuffer actual, double tolerance) {
        FloatBuffer values = expected.data();
        assertThat(actual.remaining()).isEqualTo(values.remaining());
        double squares = 0;
        for (int i = 0; i < values.remaining(); i++) {
            squares += (double) values.get(i) * values.get(i);
        }
        double rms = Math.sqrt(squares / values.remaining());
        for (int i = 0; i < values.remaining(); i++) {
            double bound = tolerance * Math.max(Math.abs(values.get(i)), Math.max(rms, 1e-6));
            assertThat((double) actual.get(i)).as("%s[%d]", expected.name(), i).isCloseTo(values.get(i), within(bound));
        }
    }

    private static float[] flat(double[][] rows) {
        int width = rows[0].length;
        float[] values = new float[rows.length * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) rows[i / width][i % width];
        }
        return values;
    }

    /** Batch 0 and the initial weights, as a graph's inputs. */
    private static final class Inputs {
        final Map<String, Object> data = new LinkedHashMap<>();
        final Map<String, long[]> shapes = new HashMap<>();

        Inputs(GoldenCase golden, boolean withLabels) {
            GoldenCase.Batch batch = golden.batches().get(0);
            long[] shape = {batch.size(), batch.length()};
            put("input_ids", batch.inputIds(), shape);
            put("attention_mask", batch.attentionMask(), shape);
            put("token_type_ids", batch.tokenTypeIds(), shape);
            if (withLabels) {
                put("labels", batch.labels(), batch.size());
            }
            for (Tensor tensor : golden.initial().all()) {
                float[] values = new float[(int) tensor.elements()];
                tensor.data().get(values);
                put(tensor.name(), values, tensor.shape());
            }
        }

        private void put(String name, Object values, long... shape) {
            data.put(name, values);
            shapes.put(name, shape);
        }
    }
}
