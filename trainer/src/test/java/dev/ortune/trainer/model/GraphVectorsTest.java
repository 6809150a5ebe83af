package dev.ortune.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ortune.trainer.golden.GoldenCase;
import dev.ortune.trainer.graph.OnnxFile;
import dev.ortune.trainer.task.head.TextToTextHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The graphs that the exporter's tests export are those that the trainer writes. Where they are to change, what stands in
 * target/graphs after this test is to be copied to vectors/graphs.
 */
class GraphVectorsTest {
    static Stream<String> names() {
        return Stream.concat(
                Stream.of("albert", "mpnet", "deberta-v2", "deberta-v3", "modernbert", "t5", "gpt2", "llama", "qwen2")
                        .flatMap(family ->
                                Stream.of(family + "-sequence-classification", family + "-token-classification")),
                Stream.of(
                        "modernbert-question-answering",
                        "deberta-v3-question-answering",
                        "bert-multiple-choice",
                        "roberta-multiple-choice",
                        "bert-masked-lm",
                        "roberta-masked-lm",
                        "gpt2-causal-lm",
                        "llama-causal-lm",
                        "qwen2-causal-lm",
                        "t5-gated-token-classification"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void areWhatTheTrainerWrites(String name) throws IOException {
        Path written = Files.createDirectories(Path.of("target/graphs")).resolve(name + ".onnx");
        OnnxFile.write(GoldenCase.load(name).network().plain(), written);
        assertThat(Path.of("../vectors/graphs", name + ".onnx")).hasSameBinaryContentAs(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "qwen2"})
    void thatOfATextThatGrowsToo(String family) throws IOException {
        String name = family + "-causal-lm-with-past.onnx";
        Path written = Files.createDirectories(Path.of("target/graphs")).resolve(name);
        OnnxFile.write(GoldenCase.load(family + "-causal-lm").network().withPast(), written);
        assertThat(Path.of("../vectors/graphs", name)).hasSameBinaryContentAs(written);
    }

    /** With three adapters, each with a head of its own. */
    @Test
    void ofAdaptersIsWhatTheTrainerWrites() throws IOException {
        Map<String, Integer> ranks = new HashMap<>();
        for (int layer = 0; layer < 2; layer++) {
            for (String projection : new String[] {"query", "value"}) {
                ranks.put("bert.encoder.layer." + layer + ".attention.self." + projection, 4);
            }
        }
        Network network = GoldenCase.load("bert-sequence-classification").network();
        Path written = Files.createDirectories(Path.of("target/graphs")).resolve("bert-adapters.onnx");
        OnnxFile.write(network.plain(new JoinedAdapters(3, ranks, Set.of("classifier"))), written);
        assertThat(Path.of("../vectors/graphs/bert-adapters.onnx")).hasSameBinaryContentAs(written);
    }

    /** Encoder and decoder by themselves, of a model that writes. */
    @Test
    void writersAreWhatTheTrainerWrites() throws IOException {
        String name = "t5-gated-text2text";
        Network network = GoldenCase.load(name).network();
        Path folder = Files.createDirectories(Path.of("target/graphs", name));
        OnnxFile.write(network.plain(), folder.resolve("graph.onnx"));
        Network ofAnyText = new Network(network.architecture(), new TextToTextHead(null));
        OnnxFile.write(ofAnyText.plain(), folder.resolve("any_text_graph.onnx"));
        network.architecture()
                .writers()
                .forEach(graph -> OnnxFile.write(graph, folder.resolve(graph.name() + "_graph.onnx")));
        for (String file : List.of(
                "graph.onnx",
                "any_text_graph.onnx",
                "encoder_graph.onnx",
                "decoder_graph.onnx",
                "decoder_with_past_graph.onnx",
                "decoder_merged_graph.onnx")) {
            assertThat(Path.of("../vectors/graphs", name, file)).hasSameBinaryContentAs(folder.resolve(file));
        }
    }
}
