package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network's weights as inputs of its graph, under Hugging Face's names, in the order in which they are first used. */
final class Parameters {
    private final Graph graph;
    private final Adaptation adaptation;
    private final Map<String, Parameter> all = new LinkedHashMap<>();
    private final Map<String, SessionWeight> weights = new LinkedHashMap<>();

    /** @param adaptation says which are trained, and how fast each learns */
    Parameters(Graph graph, Adaptation adaptation) {
        this.graph = graph;
        this.adaptation = adaptation;
    }

    /** What the network reads of it; the input is declared when it is first asked for. */
    Value get(Parameter parameter) {
        all.putIfAbsent(parameter.name(), parameter);
        return weights.computeIfAbsent(parameter.name(), name -> declare(parameter))
                .read()
                .get(0);
    }

    private SessionWeight declare(Parameter parameter) {
        Value input = graph.input(parameter.name(), ElementType.FLOAT, parameter.shape());
        double rate = adaptation.rate(parameter.name());
        Ops ops = new Ops(graph).in("rates");
        Value factor = rate == 1 ? null : ops.scalar((float) rate);
        Value read = factor == null ? input : ops.mul(input, factor);
        return new SessionWeight(input, List.of(read), factor, parameter.role().decays(), adaptation.trains(parameter));
    }

    List<Parameter> all() {
        return List.copyOf(all.values());
    }

    List<SessionWeight> weights() {
        return List.copyOf(weights.values());
    }
}
