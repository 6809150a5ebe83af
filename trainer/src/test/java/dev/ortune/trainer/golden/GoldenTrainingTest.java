package dev.ortune.trainer.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.data.Array;
import dev.ortune.trainer.data.Batch;
import dev.ortune.trainer.gradient.Differentiator;
import dev.ortune.trainer.gradient.GradientRules;
import dev.ortune.trainer.gradient.NormGradient;
import dev.ortune.trainer.gradient.ScatterAdd;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.GraphRunner;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.PackedForm;
import dev.ortune.trainer.model.form.Rows;
import dev.ortune.trainer.model.form.SessionWeight;
import dev.ortune.trainer.model.form.TokenLayout;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.task.head.AnswerHead;
import dev.ortune.trainer.task.head.MaskedLanguageModelHead;
import dev.ortune.trainer.task.head.TextToTextHead;
import dev.ortune.trainer.training.Evaluation;
import dev.ortune.trainer.training.SessionSettings;
import dev.ortune.trainer.training.StepPart;
import dev.ortune.trainer.training.TrainingSession;
import dev.ortune.trainer.training.VocabularySubset;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole models against PyTorch: logits, every gradient, twenty optimizer steps, and the weights after them. */
class GoldenTrainingTest {
    private static final double TOLERANCE = 1e-4;
    /** What BERT with both objectives of its pre-training calls them. */
    private static final String WORD_LOGITS = "prediction_logits";

    @TempDir
    private Path folder;

    /** Each family with each head, and two of them with each loss. */
    static Stream<String> families() {
        Stream<String> answering = Stream.of(
                        "bert",
                        "roberta",
                        "distilbert",
                        "electra",
                        "albert",
                        "mpnet",
                        "deberta-v3",
                        "modernbert",
                        "gpt2")
                .map(family -> family + "-question-answering");
        Stream<String> both = Stream.of(
                        "bert",
                        "roberta",
                        "distilbert",
                        "electra",
                        "albert",
                        "mpnet",
                        "deberta-v2",
                        "deberta-v3",
                        "modernbert",
                        "t5",
                        "t5-gated",
                        "gpt2",
                        "llama",
                        "qwen2")
                .flatMap(family -> Stream.of(family + "-sequence-classification", family + "-token-classification"));
        Stream<String> others = Stream.of(
                "bert-regression",
                "roberta-regression",
                "bert-multi-label",
                "roberta-multi-label",
                "bert-multi-label-weights",
                "deberta-v3-long-sequence-classification",
                "modernbert-mean-sequence-classification",
                "modernbert-long-sequence-classification");
        Stream<String> masked = Stream.of(
                        "bert",
                        "roberta",
                        "distilbert",
                        "electra",
                        "albert",
                        "mpnet",
                        "deberta-v2",
                        "deberta-v3",
                        "modernbert")
                .map(family -> family + "-masked-lm");
        Stream<String> choosing = Stream.of(
                        "bert", "roberta", "electra", "albert", "mpnet", "deberta-v3", "modernbert-mean")
                .map(family -> family + "-multiple-choice");
        return Stream.of(
                        both,
                        answering,
                        choosing,
                        masked,
                        Stream.of("bert-pre-training", "gpt2-causal-lm", "llama-causal-lm", "qwen2-causal-lm"),
                        others)
                .flatMap(names -> names);
    }

    /** Positions count from the first column, as transformers' do, so that the numbers are others than with padding at the end. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "qwen2"})
    void lastTokensAreFoundWhereThePaddingComesFirst(String family) throws OrtException {
        GoldenCase golden = GoldenCase.load(family + "-sequence-classification");
        Batch batch = golden.batches().get(0);
        Inputs inputs = new Inputs(golden, false);
        for (String name : List.of(Batch.INPUT_IDS, Batch.ATTENTION_MASK)) {
            long[] moved = new long[batch.size() * batch.length()];
            for (int row = 0; row < batch.size(); row++) {
                int begin = row * batch.length();
                int tokens = (int) Arrays.stream(batch.attentionMask(), begin, begin + batch.length())
                        .sum();
                for (int i = 0; i < batch.length(); i++) {
                    moved[begin + (i + batch.length() - tokens) % batch.length()] = batch.longs(name)[begin + i];
                }
            }
            inputs.data.put(name, moved);
        }
        try (GraphRunner runner = new GraphRunner(golden.network().plain())) {
            assertThat(runner.run(inputs.data, inputs.shapes).get("logits"))
                    .containsExactly(GoldenCase.leftPaddedLogits(family + "-sequence-classification"), within(1e-5f));
        }
    }

    /** Text that grows: the first tokens at once, the others one by one, beside texts whose padding comes first. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "qwen2"})
    void keysAndValuesOfTokensBeforeGiveTheSameLogits(String family) throws OrtException {
        GoldenCase golden = GoldenCase.load(family + "-causal-lm");
        Graph graph = golden.network().withPast();
        assertThat(graph.nodes()).allMatch(node -> node.domain().isEmpty(), "standard operators only");
        Batch batch = golden.batches().get(0);
        Inputs inputs = new Inputs(golden, false);
        inputs.data.keySet().removeIf(name -> batch.arrays().containsKey(name));
        int vocab = golden.network().architecture().vocabSize();
        Geometry geometry = golden.network().architecture().geometry();
        int layers = golden.network().architecture().layers();
        for (int i = 0; i < layers; i++) {
            for (String part : List.of("key", "value")) {
                inputs.put(
                        "past_key_values." + i + "." + part,
                        new float[0],
                        batch.size(),
                        geometry.keyHeads(),
                        0,
                        geometry.headSize());
            }
        }
        int first = 2;
        try (GraphRunner runner = new GraphRunner(graph)) {
            for (int from = 0; from < batch.length(); from = from == 0 ? first : from + 1) {
                int to = from == 0 ? first : from + 1;
                inputs.put(Batch.INPUT_IDS, columns(batch, Batch.INPUT_IDS, from, to), batch.size(), to - from);
                inputs.put(Batch.ATTENTION_MASK, columns(batch, Batch.ATTENTION_MASK, 0, to), batch.size(), to);
                long[] places = new long[batch.size() * (to - from)];
                for (int i = 0; i < places.length; i++) {
                    places[i] = (long) from + i % (to - from);
                }
                inputs.put("position_ids", places, batch.size(), to - from);
                Map<String, float[]> results = runner.run(inputs.data, inputs.shapes);
                for (int row = 0; row < batch.size(); row++) {
                    for (int column = from; column < to; column++) {
                        if (batch.attentionMask()[row * batch.length() + column] == 1) {
                            int at = (row * (to - from) + column - from) * vocab;
                            float[] logits = Arrays.copyOfRange(results.get("logits"), at, at + vocab);
                            double[] expected = golden.logits()[row * batch.length() + column];
                            for (int word = 0; word < vocab; word++) {
                                assertThat((double) logits[word]).isCloseTo(expected[word], within(1e-5));
                            }
                        }
                    }
                }
                for (int i = 0; i < layers; i++) {
                    for (String part : List.of("key", "value")) {
                        float[] present = results.get("present." + i + "." + part);
                        inputs.put(
                                "past_key_values." + i + "." + part,
                                present,
                                batch.size(),
                                geometry.keyHeads(),
                                to,
                                geometry.headSize());
                    }
                }
            }
        }
    }

    private static long[] columns(Batch batch, String name, int from, int to) {
        long[] all = batch.longs(name);
        long[] some = new long[batch.size() * (to - from)];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[i / (to - from) * batch.length() + from + i % (to - from)];
        }
        return some;
    }

    static Stream<Arguments> familiesAndDistinctRows() {
        return families().map(name -> Arguments.of(name, ScatterAdd.DISTINCT_ROWS));
    }

    static Stream<Arguments> familiesAndLayouts() {
        // What shares keys trains on a CPU alone.
        return families()
                .filter(name -> !name.matches("(llama|qwen2)-.*"))
                .flatMap(name -> Stream.of(TokenLayout.values()).map(layout -> Arguments.of(name, layout)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-tiny", "gelu-new", "relu", "label-smoothing-class-weights"})
    @MethodSource("families")
    void inferenceGraphGivesPyTorchsLogits(String name) throws OrtException {
        GoldenCase golden = GoldenCase.load(name);
        Graph graph = golden.network().plain();
        assertThat(graph.nodes()).allMatch(node -> node.domain().isEmpty(), "standard operators only");
        try (GraphRunner runner = new GraphRunner(graph)) {
            Inputs inputs = new Inputs(golden, false);
            if (golden.network().head().ofChoices()) {
                // All sequences of the batch as the choices of one example: their logits are the same.
                graph.inputs().forEach((input, value) -> {
                    if (value.shape().rank() == 3) {
                        long[] flat = inputs.shapes.get(input);
                        inputs.shapes.put(input, new long[] {1, flat[0], flat[1]});
                    }
                });
            }
            assertThat(ofTokens(golden, logits(runner.run(inputs.data, inputs.shapes))))
                    .containsExactly(golden.logitsOfTokens(), within(1e-5f));
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
    @MethodSource("familiesAndDistinctRows")
    void everyGradientIsPyTorchs(String name, ScatterAdd scatter) throws OrtException {
        GoldenCase golden = GoldenCase.load(name);
        Graph graph = gradientGraph(golden, scatter);
        try (GraphRunner runner = new GraphRunner(graph)) {
            Inputs inputs = new Inputs(golden, true);
            Map<String, float[]> results = runner.run(inputs.data, inputs.shapes);
            assertThat(results.get("logits")).containsExactly(expectedLogits(golden), within(1e-5f));
            for (Tensor expected : golden.gradients().all()) {
                FloatBuffer actual = FloatBuffer.wrap(results.get(expected.name() + "_grad"));
                assertClose(
                        golden, expected, actual, i -> assertThat(actual.get(i)).isCloseTo(0, within(1e-7f)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bert-tiny", "gelu-new", "relu", "label-smoothing-class-weights", "accumulation", "bert-adam"})
    @MethodSource("families")
    void twentyStepsArePyTorchs(String name) {
        GoldenCase golden = GoldenCase.load(name);
        try (TrainingSession session = start(golden, reachable(golden))) {
            assertEvaluation(golden, session.evaluate(golden.batches().get(0)));
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

    /** The whole way of a model that writes, on a CPU: what it is trained by, and how likely it finds words of a closed set. */
    @ParameterizedTest
    @ValueSource(strings = {"t5-text2text", "t5-gated-text2text"})
    void writtenWordsAreAsLikelyAsTransformersHasThem(String name) throws OrtException {
        GoldenCase golden = GoldenCase.load(name);
        float[] expected = GoldenCase.wordLogits(name);
        Graph graph = golden.network().plain();
        assertThat(graph.nodes()).allMatch(node -> node.domain().isEmpty(), "standard operators only");
        assertThat(graph.outputs()).containsOnlyKeys("logits");
        try (GraphRunner runner = new GraphRunner(graph)) {
            Inputs inputs = new Inputs(golden, false);
            inputs.data.remove(TextToTextHead.TARGETS);
            assertThat(runner.run(inputs.data, inputs.shapes).get("logits")).containsExactly(expected, within(1e-5f));
        }
        assertAnyTextIsAsLikely(golden);
        everyGradientIsPyTorchs(name, ScatterAdd.DISTINCT_ROWS);
        try (TrainingSession session = start(golden, reachable(golden))) {
            Evaluation before = session.evaluate(golden.batches().get(0));
            assertThat(before.logits()).containsExactly(expected, within(1e-5f));
            assertEvaluation(golden, before);
            twentySteps(golden, session);
        }
    }

    /** Where any text may be written, graph.onnx takes what the decoder reads, as transformers' class does. */
    private static void assertAnyTextIsAsLikely(GoldenCase golden) throws OrtException {
        Graph graph = new Network(golden.network().architecture(), new TextToTextHead(null)).plain();
        assertThat(graph.nodes()).allMatch(node -> node.domain().isEmpty(), "standard operators only");
        try (GraphRunner runner = new GraphRunner(graph)) {
            Inputs inputs = new Inputs(golden, false);
            Array targets = golden.batches().get(0).arrays().get(TextToTextHead.TARGETS);
            inputs.data.remove(TextToTextHead.TARGETS);
            int places = (int) targets.shape()[1];
            long[] all = targets.longs();
            long[] read = new long[all.length];
            for (int i = 0; i < read.length; i++) {
                read[i] = i % places == 0 ? 0 : Math.max(0, all[i - 1]);
            }
            inputs.put(TextToTextHead.READ, read, targets.shape());
            float[] logits = runner.run(inputs.data, inputs.shapes).get("logits");
            int vocab = logits.length / all.length;
            assertThat(golden.logits()).hasDimensions(all.length, vocab);
            for (int place = 0; place < all.length; place++) {
                for (int word = 0; word < vocab && all[place] >= 0; word++) {
                    assertThat((double) logits[place * vocab + word])
                            .isCloseTo(golden.logits()[place][word], within(1e-5));
                }
            }
        }
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
    @MethodSource("familiesAndLayouts")
    void twentyStepsOfTheGraphsForCudaArePyTorchs(String name, TokenLayout layout) {
        GoldenCase golden = GoldenCase.load(name);
        ArtifactOptions options = new ArtifactOptions(optimizer(golden), Target.CUDA, Precision.FP32, layout, false);
        try (TrainingSession session = start(golden, reachable(golden), options)) {
            Evaluation before = session.evaluate(golden.batches().get(0));
            if (layout == TokenLayout.PACKED || golden.network().rows() != Rows.ALL || isOfMasks(golden)) {
                assertEvaluation(golden, before);
            }
            twentySteps(golden, session);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "bert-tiny")
    void theWholeVocabularyTrainsToTheSameWeights(String name) {
        GoldenCase golden = GoldenCase.load(name);
        VocabularySubset whole = VocabularySubset.whole(golden.network().architecture());
        assertThat(reachable(golden).size()).isLessThan(whole.size());
        try (TrainingSession session = start(golden, whole)) {
            for (int step = 0; step < golden.steps(); step++) {
                train(golden, session, step);
            }
            assertFinal(golden, session.weights());
        }
    }

    /** Whether words of the vocabulary are told, each where it has to be. */
    private static boolean isOfMasks(GoldenCase golden) {
        return golden.network().head().meetsVocabulary();
    }

    /** Logits of all rows that the graphs for training compute. */
    private static float[] expectedLogits(GoldenCase golden) {
        return isOfMasks(golden) ? golden.logitsOfLabelled() : golden.logitsOfTokens();
    }

    private static void assertEvaluation(GoldenCase golden, Evaluation evaluation) {
        if (!isOfMasks(golden)) {
            assertThat(logits(evaluation.outputs())).containsExactly(golden.logitsOfTokens(), within(1e-5f));
            return;
        }
        assertThat((double) evaluation.loss()).isCloseTo(golden.losses()[0], within(TOLERANCE * golden.losses()[0]));
        float[] losses = evaluation.outputs().get(MaskedLanguageModelHead.LOSSES);
        float[] hits = evaluation.outputs().get(MaskedLanguageModelHead.HITS);
        long[] labels =
                Arrays.stream(golden.targets()).filter(label -> label >= 0).toArray();
        assertThat(losses).hasSameSizeAs(labels);
        float[] logits = golden.logitsOfLabelled();
        int vocab = logits.length / labels.length;
        for (int row = 0; row < labels.length; row++) {
            float[] ofRow = Arrays.copyOfRange(logits, row * vocab, (row + 1) * vocab);
            double sum = 0;
            int best = 0;
            for (int word = 0; word < vocab; word++) {
                sum += Math.exp(ofRow[word]);
                best = ofRow[word] > ofRow[best] ? word : best;
            }
            assertThat((double) losses[row]).isCloseTo(Math.log(sum) - ofRow[(int) labels[row]], within(1e-4));
            assertThat(hits[row]).isEqualTo(best == labels[row] ? 1 : 0);
        }
    }

    private static double train(GoldenCase golden, TrainingSession session, int step) {
        int batches = golden.options().accumulation();
        double rate = golden.learningRates()[step];
        double loss = 0;
        for (int i = 0; i < batches; i++) {
            loss += session.accumulate(golden.batch(step, i), StepPart.equal(i, batches), rate) / batches;
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
        return start(golden, vocabulary, new ArtifactOptions(optimizer(golden), Target.CPU));
    }

    private TrainingSession start(GoldenCase golden, VocabularySubset vocabulary, ArtifactOptions options) {
        return TrainingSession.start(
                golden.network(), golden.initial(), options, vocabulary, folder, new SessionSettings(1, 42));
    }

    private static VocabularySubset reachable(GoldenCase golden) {
        if (isOfMasks(golden)) {
            return VocabularySubset.whole(golden.network().architecture());
        }
        BitSet used = new BitSet();
        golden.batches().forEach(batch -> {
            for (long id : batch.inputIds()) {
                used.set((int) id);
            }
        });
        return new VocabularySubset(used, golden.network().architecture());
    }

    /** So that both ways are tried. */
    private static NormGradient norm(ScatterAdd scatter) {
        return scatter == ScatterAdd.DISTINCT_ROWS ? NormGradient.OPERATORS : NormGradient.KERNEL;
    }

    private static Graph gradientGraph(GoldenCase golden, ScatterAdd scatter) {
        Graph graph = new Graph("gradients");
        Ops ops = new Ops(graph);
        Network network = golden.network();
        PackedForm form =
                new PackedForm(graph, network.architecture().geometry(), network.rows(), true, network.adaptation());
        Map<String, Value> outputs = network.outputs(form);
        Value loss = network.head().loss(form, outputs);
        graph.output(
                Stream.of("logits", WORD_LOGITS, TextToTextHead.TOKEN_LOGITS)
                        .filter(outputs::containsKey)
                        .map(outputs::get)
                        .findFirst()
                        .orElseThrow(),
                "logits");
        Differentiator.differentiate(loss, ops.scalar(1f), inputs(form), GradientRules.table(scatter, norm(scatter)))
                .forEach((parameter, gradient) -> graph.output(ops.identity(gradient), parameter.name() + "_grad"));
        return graph;
    }

    private static List<Value> inputs(PackedForm form) {
        return form.weights().stream().map(SessionWeight::input).toList();
    }

    /** A network's only output, or those of first and last tokens of answers side by side. */
    private static float[] logits(Map<String, float[]> outputs) {
        if (outputs.containsKey("logits")) {
            return outputs.get("logits");
        }
        if (outputs.containsKey(TextToTextHead.TOKEN_LOGITS)) {
            return outputs.get(TextToTextHead.TOKEN_LOGITS);
        }
        if (outputs.containsKey(WORD_LOGITS)) {
            return outputs.get(WORD_LOGITS);
        }
        float[] start = outputs.get(AnswerHead.START_LOGITS);
        float[] end = outputs.get(AnswerHead.END_LOGITS);
        float[] both = new float[2 * start.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = (i % 2 == 0 ? start : end)[i / 2];
        }
        return both;
    }

    /** Of logits for every place of batch 0 those of its tokens; all where there are as many as sentences. */
    private static float[] ofTokens(GoldenCase golden, float[] logits) {
        long[] mask = golden.batches().get(0).attentionMask();
        int labels = golden.logits()[0].length;
        if (logits.length != mask.length * labels) {
            return logits;
        }
        float[] result = new float[golden.logitsOfTokens().length];
        int token = 0;
        for (int place = 0; place < mask.length; place++) {
            if (mask[place] == 1) {
                System.arraycopy(logits, place * labels, result, token++ * labels, labels);
            }
        }
        return result;
    }

    private static void assertFinal(GoldenCase golden, Weights trained) {
        assertThat(trained.all()).hasSameSizeAs(golden.finalWeights().all());
        for (Tensor expected : golden.finalWeights().all()) {
            FloatBuffer actual = trained.get(expected.name()).data();
            FloatBuffer initial = golden.initial().get(expected.name()).data();
            assertClose(golden, expected, actual, i -> assertThat((double) actual.get(i))
                    .isCloseTo(initial.get(i), within(golden.drift())));
        }
    }

    /**
     * Element by element, relative to the element or, for small ones, to the tensor's root mean square.
     *
     * @param ofRounding for elements without a gradient but for rounding
     */
    private static void assertClose(GoldenCase golden, Tensor expected, FloatBuffer actual, IntConsumer ofRounding) {
        FloatBuffer values = expected.data();
        assertThat(actual.remaining()).isEqualTo(values.remaining());
        double squares = 0;
        for (int i = 0; i < values.remaining(); i++) {
            squares += (double) values.get(i) * values.get(i);
        }
        double rms = Math.sqrt(squares / values.remaining());
        for (int i = 0; i < values.remaining(); i++) {
            if (golden.hasNoGradient(expected.name(), i)) {
                ofRounding.accept(i);
                continue;
            }
            double bound = TOLERANCE * Math.max(Math.abs(values.get(i)), Math.max(rms, 1e-6));
            assertThat((double) actual.get(i)).as("%s[%d]", expected.name(), i).isCloseTo(values.get(i), within(bound));
        }
    }

    /** Batch 0 and the initial weights, as a graph's inputs. */
    private static final class Inputs {
        final Map<String, Object> data = new LinkedHashMap<>();
        final Map<String, long[]> shapes = new HashMap<>();

        Inputs(GoldenCase golden, boolean withLabels) {
            golden.batches().get(0).arrays().forEach((name, array) -> {
                boolean types = golden.network().architecture().geometry().tokenTypes();
                boolean input = array.shape().length == 2 && !name.equals(Batch.LABELS);
                if ((withLabels || input) && (types || !name.equals(Batch.TOKEN_TYPE_IDS))) {
                    put(name, array.data(), array.shape());
                }
            });
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
