package dev.ortune.trainer.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.ortune.trainer.golden.GoldenCase;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.OnnxFile;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Berts;
import dev.ortune.trainer.model.EncoderConfig.Size;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.form.TokenLayout;
import dev.ortune.trainer.runtime.NativeLibraries;
import dev.ortune.trainer.task.head.BinaryCrossEntropy;
import dev.ortune.trainer.task.head.ChoiceHead;
import dev.ortune.trainer.task.head.MaskedLanguageModelHead;
import dev.ortune.trainer.task.head.MeanSquaredError;
import dev.ortune.trainer.task.head.SequenceHead;
import dev.ortune.trainer.task.head.SequenceLoss;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The graphs with the operators that only CUDA has, as far as they can be tried without a GPU. */
class CudaGraphTest {
    private static final int LAYERS = 12;

    static Stream<Arguments> graphs() {
        return Stream.of(Precision.FP32, Precision.FP16, Precision.BF16)
                .flatMap(precision -> Stream.of(TokenLayout.values()).flatMap(layout -> Stream.of("gelu", "gelu_new")
                        .map(activation -> Arguments.of(precision, layout, activation))));
    }

    /** Types and shapes are inferred by ONNX Runtime before it looks for kernels, and only those are missing here. */
    @ParameterizedTest
    @MethodSource("graphs")
    void onnxRuntimeAcceptsEveryOperatorAndLacksOnlyKernelsOnTheCpu(
            Precision precision, TokenLayout layout, String activation) {
        byte[] model = OnnxFile.model(training(precision, layout, activation)).toByteArray();
        NativeLibraries.load();
        assertThatThrownBy(() -> OrtEnvironment.getEnvironment().createSession(model))
                .isInstanceOfSatisfying(OrtException.class, e -> assertThat(e.getMessage())
                        .startsWith("Error code - ORT_NOT_IMPLEMENTED")
                        .containsPattern("Could not find an implementation for|Failed to find kernel for"));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void cudaHasAKernelForEveryNode(Precision precision, TokenLayout layout, String activation) throws IOException {
        assertHasKernels(training(precision, layout, activation));
    }

    static Stream<SequenceLoss> losses() {
        return Stream.of(new MeanSquaredError(), new BinaryCrossEntropy(new float[] {2, 3}));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void cudaHasAKernelForEveryNodeOfOtherLosses(SequenceLoss loss) throws IOException {
        int labels = loss instanceof MeanSquaredError ? 1 : 2;
        Network network = new Network(network("gelu").architecture(), new SequenceHead(labels, loss));
        assertHasKernels(TrainingGraph.training(network, options(Precision.FP16, TokenLayout.PACKED)));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cudaHasAKernelForEveryNodeOfPretraining(boolean nextSentence) throws IOException {
        Network network = new Network(network("gelu").architecture(), new MaskedLanguageModelHead(nextSentence));
        assertHasKernels(TrainingGraph.training(network, options(Precision.FP16, TokenLayout.PACKED)));
        assertHasKernels(TrainingGraph.eval(network, options(Precision.BF16, TokenLayout.PADDED)));
    }

    @Test
    void cudaHasAKernelForEveryNodeOfChoices() throws IOException {
        Network network = new Network(network("gelu").architecture(), new ChoiceHead());
        assertHasKernels(TrainingGraph.training(network, options(Precision.FP16, TokenLayout.PACKED)));
    }

    static Stream<Arguments> families() {
        return Stream.of(
                        "albert",
                        "mpnet",
                        "deberta-v2",
                        "deberta-v3",
                        "modernbert",
                        "modernbert-mean",
                        "t5",
                        "t5-gated",
                        "gpt2")
                .flatMap(family -> Stream.of(Precision.FP16, Precision.BF16)
                        // Relu, which the first version of T5 has, has no gradient in bfloat16.
                        .filter(precision -> precision == Precision.FP16 || !family.equals("t5"))
                        .flatMap(precision -> Stream.of(TokenLayout.values())
                                .map(layout -> Arguments.of(family, precision, layout))));
    }

    /** Those of families that have operators of their own. */
    @ParameterizedTest
    @MethodSource("families")
    void familiesOperatorsHaveOnesToo(String family, Precision precision, TokenLayout layout)
            throws IOException, OrtException {
        Network network = GoldenCase.load(family + "-sequence-classification").network();
        Graph graph = TrainingGraph.training(network, options(precision, layout));
        assertHasKernels(graph);
        byte[] model = OnnxFile.model(graph).toByteArray();
        NativeLibraries.load();
        try (OrtSession.SessionOptions plain = new OrtSession.SessionOptions()) {
            // Types are checked either way; what the CPU's optimizer makes of half precision is no concern here.
            plain.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
            OrtEnvironment.getEnvironment().createSession(model, plain).close();
        } catch (OrtException onlyKernels) {
            assertThat(onlyKernels).hasMessageStartingWith("Error code - ORT_NOT_IMPLEMENTED");
        }
    }

    private static void assertHasKernels(Graph graph) throws IOException {
        Map<String, Set<String>> kernels = kernels();
        for (Node node : graph.nodes()) {
            String operator = node.domain().isEmpty() ? node.operator() : node.domain() + "." + node.operator();
            assertThat(kernels).as(node.name()).containsKey(operator);
            String types = node.inputs().stream()
                    .filter(Objects::nonNull)
                    .map(value -> value.type().toString())
                    .collect(Collectors.joining(","));
            assertThat(kernels.get(operator))
                    .as("%s (%s)", node.name(), types)
                    .containsAnyOf("*", node.input(0).type().toString(), firstTwo(node));
        }
    }

    /** A kernel costs a few microseconds to launch, whatever it does: their number is the time of a short batch's step. */
    @Test
    void aStepHasFewNodes() {
        Graph graph = training(Precision.FP16, TokenLayout.PADDED, "gelu");
        Map<String, Integer> counts = new TreeMap<>();
        graph.nodes().forEach(node -> counts.merge(node.operator(), 1, Integer::sum));
        long launches = graph.nodes().stream()
                .filter(node -> !Set.of("Reshape", "Shape").contains(node.operator()))
                .count();
        assertThat(launches).as("%s", counts).isLessThan(54 * LAYERS);
        assertThat(counts).containsEntry("GatherGrad", 1).doesNotContainKeys("NonZero", "CumSum", "Unique");
    }

    @Test
    void weightsAreFewInputs() {
        Graph eval = TrainingGraph.eval(network("gelu"), options(Precision.FP16, TokenLayout.PACKED));
        assertThat(eval.inputs().values())
                .extracting(Value::name)
                .filteredOn(name -> name.startsWith("bert.") || name.startsWith("classifier."))
                .hasSize(14)
                .contains("bert.embeddings.word_embeddings.weight", "classifier.bias");
    }

    private static String firstTwo(Node node) {
        return node.inputs().size() < 2
                ? ""
                : node.input(0).type() + "+" + node.input(1).type();
    }

    /** Operators and first input types, as the published CUDA library of ONNX Runtime 1.28.0 registers them. */
    private static Map<String, Set<String>> kernels() throws IOException {
        try (InputStream stream = CudaGraphTest.class.getResourceAsStream("cuda-kernels.txt")) {
            Map<String, Set<String>> kernels = new HashMap<>();
            new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split(" ")))
                    .forEach(words -> kernels.put(words.get(0), Set.copyOf(words.subList(1, words.size()))));
            return kernels;
        }
    }

    private static Network network(String activation) {
        return Berts.classifier(Berts.bert(new Size(3000, 64, LAYERS, 4, 128, 128, 2), activation, 0.1), 2);
    }

    private static ArtifactOptions options(Precision precision, TokenLayout layout) {
        Optimizer optimizer = new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.01, 1);
        return new ArtifactOptions(optimizer, Target.CUDA, precision, layout, true);
    }

    private static Graph training(Precision precision, TokenLayout layout, String activation) {
        return TrainingGraph.training(network(activation), options(precision, layout));
    }
}
