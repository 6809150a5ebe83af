package dev.ortune.trainer.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.adaptation.AdaptationArguments;
import dev.ortune.trainer.adaptation.Adapter;
import dev.ortune.trainer.adaptation.AdapterFiles;
import dev.ortune.trainer.adaptation.LoraArguments;
import dev.ortune.trainer.artifacts.ArtifactOptions;
import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.artifacts.Precision;
import dev.ortune.trainer.artifacts.Target;
import dev.ortune.trainer.artifacts.TrainingGraph;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.form.Geometry;
import dev.ortune.trainer.model.form.TokenLayout;
import dev.ortune.trainer.pretrained.Safetensors;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import dev.ortune.trainer.training.SessionSettings;
import dev.ortune.trainer.training.TrainingSession;
import dev.ortune.trainer.training.VocabularySubset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Low-rank updates against peft, frozen weights and rates by layer against PyTorch's parameter groups. */
class GoldenAdaptationTest {
    private static final double TOLERANCE = 1e-4;

    @TempDir
    private Path folder;

    /** On the CPU, and in the graphs for CUDA without the operators that only CUDA has. */
    static Stream<Arguments> casesAndTargets() {
        return Stream.of("bert-lora", "roberta-lora", "bert-groups").flatMap(name -> Stream.of(Target.values())
                // There query, key and value are one weight, of which this case freezes a part.
                .filter(target -> target == Target.CPU || !name.equals("bert-groups"))
                .map(target -> Arguments.of(name, target)));
    }

    @ParameterizedTest
    @MethodSource("casesAndTargets")
    void twentyStepsArePeftsAndPyTorchs(String name, Target target) throws IOException {
        Case adapted = Case.load(name);
        GoldenCase golden = adapted.golden();
        GoldenCase.Options o = golden.options();
        Optimizer optimizer = new Optimizer(
                Optimizer.Kind.ADAMW, o.beta1(), o.beta2(), o.epsilon(), o.weightDecay(), o.maxGradNorm());
        ArtifactOptions options = new ArtifactOptions(optimizer, target, Precision.FP32, TokenLayout.PACKED, false);
        try (TrainingSession session = TrainingSession.start(
                adapted.network(), adapted.start(), options, reachable(golden), folder, new SessionSettings(1, 42))) {
            for (int step = 0; step < golden.steps(); step++) {
                float loss = session.step(golden.batch(step, 0), golden.learningRates()[step]);
                assertThat((double) loss)
                        .as("loss of step %d", step)
                        .isCloseTo(golden.losses()[step], within(TOLERANCE * golden.losses()[step]));
                assertThat((double) session.gradNorm())
                        .as("gradient norm of step %d", step)
                        .isCloseTo(golden.gradientNorms()[step], within(TOLERANCE * golden.gradientNorms()[step]));
            }
            Weights trained = session.weights();
            assertClose(golden, golden.finalWeights(), trained);
            assertClose(golden, adapted.merged(), Adapter.merged(adapted.network(), trained));
        }
    }

    /** peft's own adapter is read and written again with the same names and numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-lora", "roberta-lora"})
    void adapterIsWrittenAsPeftReadsIt(String name) throws IOException {
        Case adapted = Case.load(name);
        AdaptationArguments arguments = adapted.arguments();
        AdapterFiles.writeConfig(folder, arguments.lora(), adapted.network(), "base");
        Path file = folder.resolve(AdapterFiles.WEIGHTS);
        AdapterFiles.writeWeights(file, adapted.network(), Adapter.of(adapted.network(), adapted.start()));

        Weights peft = Safetensors.read(adapted.folder().resolve("start").resolve(AdapterFiles.WEIGHTS));
        Weights ours = Safetensors.read(file);
        Set<String> expected = new TreeSet<>(names(peft));
        expected.removeIf(tensor -> tensor.contains(".modules_to_save.") || tensor.contains(".original_module."));
        assertThat(new TreeSet<>(names(ours))).isEqualTo(expected);
        ours.all().forEach(tensor -> assertThat(tensor.data())
                .isEqualTo(peft.get(tensor.name()).data()));
        assertThat(AdapterFiles.read(folder).lora()).isEqualTo(arguments.lora());
        JsonNode config = json(folder.resolve(AdapterFiles.CONFIG));
        JsonNode theirs = json(adapted.folder().resolve("start").resolve(AdapterFiles.CONFIG));
        config.properties().forEach(field -> {
            if (!field.getKey().equals("base_model_name_or_path")) {
                assertThat(sorted(field.getValue())).as(field.getKey()).isEqualTo(sorted(theirs.get(field.getKey())));
            }
        });
    }

    /** Nothing of the backward pass is there for weights that stay as they are. */
    @ParameterizedTest
    @ValueSource(strings = {"bert-lora", "roberta-lora", "bert-groups"})
    void frozenWeightsHaveNoGradient(String name) throws IOException {
        Case adapted = Case.load(name);
        Optimizer optimizer = new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.1, 1);
        Graph graph = TrainingGraph.training(adapted.network(), new ArtifactOptions(optimizer, Target.CPU));
        Set<String> buffers = graph.inputs().keySet().stream()
                .filter(input -> input.endsWith("_grad.accumulation.buffer"))
                .map(input -> input.replace("_grad.accumulation.buffer", ""))
                .collect(Collectors.toSet());
        assertThat(buffers).isEqualTo(Set.copyOf(names(adapted.golden().finalWeights())));
        Set<Object> read =
                graph.nodes().stream().flatMap(node -> node.inputs().stream()).collect(Collectors.toSet());
        read.addAll(graph.outputs().values());
        assertThat(graph.nodes())
                .allMatch(
                        node -> node.operator().equals("InPlaceAccumulatorV2")
                                || node.outputs().stream().anyMatch(read::contains),
                        "is read by another");
    }

    /** Every family has layers that are updated when nobody says which, and of language models nothing is trained whole. */
    @ParameterizedTest
    @CsvSource({
        "bert-sequence-classification, classifier",
        "roberta-token-classification, classifier",
        "distilbert-question-answering, qa_outputs",
        "electra-sequence-classification, classifier",
        "albert-sequence-classification, classifier",
        "mpnet-multiple-choice, classifier",
        "deberta-v2-sequence-classification, classifier",
        "deberta-v3-token-classification, classifier",
        "modernbert-sequence-classification, classifier",
        "gpt2-sequence-classification, score",
        "gpt2-causal-lm, ''",
        "llama-causal-lm, ''",
        "llama-sequence-classification, score",
        "qwen2-token-classification, score",
        "t5-sequence-classification, classification_head",
        "t5-text2text, ''"
    })
    void everyFamilyHasUsualTargets(String name, String whole) {
        Network network = GoldenCase.load(name).network();
        LoraArguments lora = new LoraArguments(2, 2, 0, null, LoraArguments.Bias.NONE, false, null);
        AdaptationArguments settled =
                new AdaptationArguments(lora, null, List.of(), 0.9, 0).settled(network, List.of());
        assertThat(String.join(",", settled.lora().modulesToSave())).isEqualTo(whole);
        Network adapted = network.adapted(settled.of(network, 1e-3));
        assertThat(adapted.adaptation().updates()).isNotEmpty();
        Optimizer optimizer = new Optimizer(Optimizer.Kind.ADAMW, 0.9, 0.999, 1e-8, 0.1, 1);
        Geometry geometry = network.architecture().geometry();
        for (Target target : Target.values()) {
            if (target == Target.CUDA && geometry.keyHeads() < geometry.heads()) {
                // Heads that share keys train on a CPU alone.
                continue;
            }
            Graph graph = TrainingGraph.training(
                    adapted, new ArtifactOptions(optimizer, target, Precision.FP32, TokenLayout.PACKED, false));
            assertThat(graph.inputs().keySet())
                    .filteredOn(input -> input.endsWith("_grad.accumulation.buffer"))
                    .isNotEmpty();
        }
    }

    private static List<String> sorted(JsonNode json) {
        List<String> values = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(value -> values.add(value.asText()));
            values.sort(null);
        } else {
            values.add(json.asText());
        }
        return values;
    }

    private static List<String> names(Weights weights) {
        return weights.all().stream().map(Tensor::name).toList();
    }

    private static void assertClose(GoldenCase golden, Weights expected, Weights actual) {
        for (Tensor tensor : expected.all()) {
            if (golden.zeroGradient().contains(tensor.name())) {
                continue;
            }
            double squares = 0;
            for (int i = 0; i < tensor.elements(); i++) {
                squares += (double) tensor.data().get(i) * tensor.data().get(i);
            }
            double rms = Math.sqrt(squares / tensor.elements());
            for (int i = 0; i < tensor.elements(); i++) {
                double value = tensor.data().get(i);
                assertThat((double) actual.get(tensor.name()).data().get(i))
                        .as("%s[%d]", tensor.name(), i)
                        .isCloseTo(value, within(TOLERANCE * Math.max(Math.abs(value), rms)));
            }
        }
    }

    private static VocabularySubset reachable(GoldenCase golden) {
        BitSet used = new BitSet();
        golden.batches().forEach(batch -> {
            for (long id : batch.inputIds()) {
                used.set((int) id);
            }
        });
        return new VocabularySubset(used, golden.network().architecture());
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }

    /** @param start all that the session begins with */
    private record Case(
            GoldenCase golden,
            Path folder,
            AdaptationArguments arguments,
            Network network,
            Weights start,
            Weights merged) {
        static Case load(String name) throws IOException {
            GoldenCase golden = GoldenCase.load(name);
            Path folder = GoldenCase.folder(name);
            JsonNode expected = json(folder.resolve("expected.json"));
            boolean lora = name.endsWith("-lora");
            List<String> freeze = new ArrayList<>();
            expected.path("freeze").forEach(pattern -> freeze.add(pattern.asText()));
            AdaptationArguments arguments = new AdaptationArguments(
                            lora ? AdapterFiles.read(folder.resolve("start")).lora() : null,
                            lora ? folder.resolve("start") : null,
                            freeze,
                            expected.path("layer_lr_decay").asDouble(1),
                            expected.path("head_lr").asDouble(0))
                    .settled(golden.network(), List.of());
            double highest = 1e-3;
            Network network = golden.network().adapted(arguments.of(golden.network(), highest));
            Weights start = lora
                    ? golden.initial()
                            .with(AdapterFiles.read(folder.resolve("start"))
                                    .weights()
                                    .all())
                    : golden.initial();
            assertThat(network.sessionParameters().stream()
                            .filter(network.adaptation()::trains)
                            .map(Parameter::name))
                    .containsExactlyInAnyOrderElementsOf(names(golden.finalWeights()));
            return new Case(
                    golden, folder, arguments, network, start, Safetensors.read(folder.resolve("merged.safetensors")));
        }
    }
}
