package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network's weights as inputs of its graph, under Hugging Face's names, in the order in which they are first used. */
final class Parameters {
    private final Graph graph;
    private final Map<String, Parameter> all = new LinkedHashMap<>();
    private final Map<String, Value> values = new LinkedHashMap<>();

    Parameters(Graph graph) {
        this.graph = graph;
    }

    /** The input; it is declared when it is first asked for. */
    Value get(Parameter parameter) {
        all.putIfAbsent(parameter.name(), parameter);
        return values.computeIfAbsent(
                parameter.name(), name -> graph.input(name, ElementType.FLOAT, parameter.shape()));
    }

    List<Parameter> all() {
        return List.copyOf(all.values());
    }

    Map<Parameter, Value> values() {
        Map<Parameter, Value> result = new LinkedHashMap<>();
        all.forEach((name, parameter) -> result.put(parameter, values.get(name)));
        return result;
    }
}
