package dev.ortune.trainer.golden;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.GraphRunner;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.pretrained.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What encoder and decoder write, each in a graph of its own, beside what transformers writes: token for token. */
class GoldenWritingTest {
    private static final int MOST = 12;
    private static final long END = 1;

    @ParameterizedTest
    @ValueSource(strings = {"t5-text2text", "t5-gated-text2text"})
    void theLikeliestTokensAreTransformers(String name) throws OrtException, IOException {
        GoldenCase golden = GoldenCase.load(name);
        JsonNode entries = new ObjectMapper()
                .readTree(Path.of("src/test/resources/golden", name, "greedy.json")
                        .toFile());
        assertThat(entries).hasSize(50);
        List<Graph> graphs = golden.network().architecture().writers();
        assertThat(graphs)
                .extracting(Graph::name)
                .containsExactly("encoder", "decoder", "decoder_with_past", "decoder_merged");
        assertThat(graphs).allSatisfy(graph -> assertThat(graph.nodes())
                .allMatch(node -> node.domain().isEmpty()));
        try (Part encoder = new Part(golden, graphs.get(0));
                Part first = new Part(golden, graphs.get(1));
                Part next = new Part(golden, graphs.get(2));
                Part merged = new Part(golden, graphs.get(3))) {
            int different = 0;
            for (JsonNode entry : entries) {
                long[] prompt = longs(entry.required("prompt"));
                List<Long> written = new ArrayList<>();
                entry.required("written").forEach(token -> written.add(token.asLong()));
                different += new TreeSet<>(written).size();
                Text text = new Text(encoder, prompt);
                assertThat(text.without(first)).as("without past").isEqualTo(written);
                assertThat(text.with(first, next)).as("with past").isEqualTo(written);
                assertThat(text.with(merged, merged)).as("merged").isEqualTo(written);
            }
            // A model that always says the same would tell little; the first version's scaled logits are close
            // together.
            assertThat(different).as("different tokens of all texts").isGreaterThan(name.contains("gated") ? 100 : 50);
        }
    }

    private static long[] longs(JsonNode array) {
        return array.valueStream().mapToLong(JsonNode::asLong).toArray();
    }

    /** A graph that runs with the golden weights. */
    private static final class Part implements AutoCloseable {
        private final Graph graph;
        private final GraphRunner runner;
        private final GoldenCase golden;

        Part(GoldenCase golden, Graph graph) throws OrtException {
            this.golden = golden;
            this.graph = graph;
            this.runner = new GraphRunner(graph);
        }

        /** Takes of what there is that which the graph declares. */
        Map<String, float[]> run(Map<String, Object> all, Map<String, long[]> allShapes) throws OrtException {
            Map<String, Object> data = new HashMap<>();
            Map<String, long[]> shapes = new HashMap<>();
            for (String name : graph.inputs().keySet()) {
                if (all.containsKey(name)) {
                    data.put(name, all.get(name));
                    shapes.put(name, allShapes.get(name));
                } else if (name.startsWith("past_key_values.")) {
                    Value value = graph.inputs().get(name);
                    data.put(name, new float[0]);
                    shapes.put(name, new long[] {
                        1, value.shape().dim(1).size(), 0, value.shape().dim(3).size()
                    });
                } else {
                    Tensor weight = golden.initial().get(name);
                    float[] values = new float[(int) weight.elements()];
                    weight.data().get(values);
                    data.put(name, values);
                    shapes.put(name, weight.shape());
                }
            }
            return runner.run(data, shapes);
        }

        @Override
        public void close() throws OrtException {
            runner.close();
        }
    }

    /** A prompt that the encoder has read. */
    private static final class Text {
        private final Map<String, Object> data = new HashMap<>();
        private final Map<String, long[]> shapes = new HashMap<>();

        Text(Part encoder, long[] prompt) throws OrtException {
            long[] mask = prompt.clone();
            Arrays.fill(mask, 1);
            put("input_ids", prompt, 1, prompt.length);
            put("attention_mask", mask, 1, prompt.length);
            float[] states = encoder.run(data, shapes).get("last_hidden_state");
            put("encoder_hidden_states", states, 1, prompt.length, (long) states.length / prompt.length);
            put("encoder_attention_mask", mask, 1, prompt.length);
        }

        private void put(String name, Object values, long... shape) {
            data.put(name, values);
            shapes.put(name, shape);
        }

        List<Long> without(Part first) throws OrtException {
            List<Long> tokens = new ArrayList<>(List.of(0L));
            while (goesOn(tokens)) {
                long[] all = tokens.stream().mapToLong(Long::longValue).toArray();
                put("input_ids", all, 1, all.length);
                tokens.add(likeliest(first.run(data, shapes).get("logits"), all.length));
            }
            return tokens.subList(1, tokens.size());
        }

        List<Long> with(Part first, Part next) throws OrtException {
            List<Long> tokens = new ArrayList<>(List.of(0L));
            data.keySet().removeIf(name -> name.startsWith("past_key_values."));
            Part part = first;
            while (goesOn(tokens)) {
                put("input_ids", new long[] {tokens.get(tokens.size() - 1)}, 1, 1);
                Map<String, float[]> outputs = part.run(data, shapes);
                tokens.add(likeliest(outputs.get("logits"), 1));
                Graph graph = part.graph;
                outputs.forEach((name, values) -> {
                    if (name.startsWith("present.")) {
                        Value value = graph.outputs().get(name);
                        long heads = value.shape().dim(1).size();
                        long size = value.shape().dim(3).size();
                        put(
                                "past_key_values." + name.substring("present.".length()),
                                values,
                                1,
                                heads,
                                values.length / heads / size,
                                size);
                    }
                });
                part = next;
            }
            return tokens.subList(1, tokens.size());
        }

        private static boolean goesOn(List<Long> tokens) {
            return tokens.size() <= MOST && tokens.get(tokens.size() - 1) != END;
        }

        private static long likeliest(float[] logits, int places) {
            int vocab = logits.length / places;
            int from = logits.length - vocab;
            int best = 0;
            for (int i = 1; i < vocab; i++) {
                best = logits[from + i] > logits[from + best] ? i : best;
            }
            return best;
        }
    }
}
