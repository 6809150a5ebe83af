package dev.ortune.exporter.pass;

import dev.ortune.exporter.OrtuneException;
import dev.ortune.exporter.graph.Dim;
import dev.ortune.exporter.graph.ElementType;
import dev.ortune.exporter.graph.Graph;
import dev.ortune.exporter.graph.ValueType;
import dev.ortune.exporter.weights.Safetensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the inputs that are weights into constants, under their names. */
public final class Freeze implements Pass {
    /** The number of the adapter that a text is for, where a graph has several. */
    public static final String ADAPTER = "adapter";

    /** What a tokenizer makes of a text, and what else is said of one; all other inputs are weights. */
    public static final Set<String> TEXT_INPUTS =
            Set.of("input_ids", "attention_mask", "token_type_ids", "position_ids", ADAPTER);

    /** What a decoder has written, of a graph that has an encoder beside it. */
    public static final String DECODER_INPUT = "decoder_input_ids";

    /** What names of keys and values of tokens before begin with, which are no weights either. */
    public static final String PAST = "past_key_values.";

    private final Path file;
    private final Safetensors weights;

    /**
     * Of a model's files.
     *
     * @param file the graph's file, for messages
     */
    public Freeze(Path file, Safetensors weights) {
        this.file = file;
        this.weights = weights;
    }

    @Override
    public void apply(Graph graph) {
        requireTextInputs(graph);
        List<String> names = new ArrayList<>(graph.inputs().keySet());
        names.removeIf(Freeze::isGiven);
        for (String name : names) {
            ValueType type = graph.inputs().remove(name);
            if (type.type() != ElementType.FLOAT || !type.shape().stream().allMatch(Dim::fixed)) {
                throw new OrtuneException(file + ": the input " + name + " is " + type
                        + "; a weight must be FLOAT and have fixed dimensions");
            }
            long[] shape = type.shape().stream().mapToLong(Dim::size).toArray();
            graph.constants().put(name, weights.get(name, shape));
        }
    }

    /** Whether it comes with each run: a text's tokens, or what another run of encoder or decoder made. */
    private static boolean isGiven(String name) {
        return TEXT_INPUTS.contains(name)
                || name.equals(DECODER_INPUT)
                || name.startsWith("encoder_")
                || name.startsWith(PAST);
    }

    private void requireTextInputs(Graph graph) {
        ValueType ids = graph.inputs().get("input_ids");
        if (ids == null) {
            throw new OrtuneException(file + ": has no input input_ids");
        }
        for (Map.Entry<String, ValueType> input : graph.inputs().entrySet()) {
            ValueType type = input.getValue();
            if (input.getKey().equals(ADAPTER)) {
                requireAdapter(type);
            } else if (TEXT_INPUTS.contains(input.getKey())
                    && (type.type() != ElementType.INT64 || type.rank() < 2 || type.rank() > 3)) {
                throw new OrtuneException(file + ": the input " + input.getKey() + " is " + type
                        + ", not INT64 [batch, sequence] or [batch, choices, sequence]");
            }
        }
        graph.outputs().forEach((name, type) -> requireNumbers(name, type));
        if (graph.outputs().isEmpty()) {
            throw new OrtuneException(file + ": has no output");
        }
    }

    private void requireAdapter(ValueType type) {
        if (type.type() != ElementType.INT64 || type.rank() != 1) {
            throw new OrtuneException(file + ": the input " + ADAPTER + " is " + type + ", not INT64 [batch]");
        }
    }

    private void requireNumbers(String name, ValueType type) {
        if (type.type() != ElementType.FLOAT
                || type.rank() < 1
                || type.shape().get(0).fixed()) {
            throw new OrtuneException(
                    file + ": the output " + name + " is " + type + ", not FLOAT with a batch of any size first");
        }
    }
}
