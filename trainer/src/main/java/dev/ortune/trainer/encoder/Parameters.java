package dev.ortune.trainer.encoder;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's weights as inputs of its graph, under Hugging Face's names. {@link #in} narrows the scope as a module's
 * children do: {@code parameters.in("bert").in("pooler").get("dense.weight", 768, 768)}.
 */
public final class Parameters {
    private final Graph graph;
    private final String prefix;
    private final Map<String, Value> values;

    public Parameters(Graph graph) {
        this(graph, "", new LinkedHashMap<>());
    }

    private Parameters(Graph graph, String prefix, Map<String, Value> values) {
        this.graph = graph;
        this.prefix = prefix;
        this.values = values;
    }

    /** The parameters of a sub-module. */
    public Parameters in(String module) {
        return new Parameters(graph, prefix + module + ".", values);
    }

    /** The parameter of that name and shape; it becomes an input of the graph when first asked for. */
    public Value get(String name, long... shape) {
        return values.computeIfAbsent(prefix + name, full -> graph.input(full, ElementType.FLOAT, Shape.of(shape)));
    }

    /** All parameters in the order in which the forward pass uses them. */
    public List<Value> all() {
        return Collections.unmodifiableList(new ArrayList<>(values.values()));
    }
}
