package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's weights as few, large inputs of its graph: all layers' weights of one kind and shape are stacked into one
 * ({@link ParameterStack}). One Cast, one Split, and in the backward pass one Concat then take the place of a kernel for
 * each weight, and so does all that is done to parameters: accumulation, clipping, decay, update.
 */
public final class StackedParameters {
    private final Ops ops;
    private final GpuGraph style;
    private final Map<ParameterStack, Value> inputs = new LinkedHashMap<>();
    private final Map<ParameterStack, List<Value>> parts = new LinkedHashMap<>();

    /**
     * Declares the inputs and cuts them into the weights.
     *
     * @param style says in which type the layers compute; stacks of layers are cast to it
     */
    StackedParameters(List<Parameter> all, GpuGraph style, Graph graph) {
        this.ops = new Ops(graph).in("weights");
        this.style = style;
        for (ParameterStack stack : ParameterStack.of(all)) {
            Value input = graph.input(stack.name(), ElementType.FLOAT, stack.shape());
            inputs.put(stack, input);
            parts.put(stack, cut(stack, input));
        }
    }

    private List<Value> cut(ParameterStack stack, Value input) {
        if (stack.parts() == 1 && !stack.ofLayers()) {
            return List.of(input);
        }
        return ops.split(ops.as(input, style.type()), stack.parts()).outputs();
    }

    /** The part of which the weight of that name is the first. */
    Value get(String name) {
        for (ParameterStack stack : inputs.keySet()) {
            int part = stack.partThatBeginsWith(name);
            if (part >= 0) {
                return parts.get(stack).get(part);
            }
        }
        throw new IllegalArgumentException("No part begins with " + name);
    }

    /** The stacks and the graph's inputs for them. */
    public Map<ParameterStack, Value> inputs() {
        return Collections.unmodifiableMap(inputs);
    }

    /** What is to be differentiated by: the parts, in the type in which the layers compute. */
    public Collection<Value> parts() {
        List<Value> all = new ArrayList<>();
        parts.values().forEach(all::addAll);
        return all;
    }

    /**
     * Each input's gradient out of those of its parts, in a type that can be added to a buffer of float32.
     */
    public Map<Value, Value> gradients(Map<Value, Value> ofParts) {
        Map<Value, Value> result = new LinkedHashMap<>();
        inputs.forEach((stack, input) -> {
            Value[] gradients = parts.get(stack).stream().map(ofParts::get).toArray(Value[]::new);
            Value whole = gradients.length == 1
                    ? gradients[0]
                    : ops.concat(0, stack.shape().dim(0), gradients);
            result.put(input, style.addsHalves() ? whole : ops.as(whole, ElementType.FLOAT));
        });
        return result;
    }
}
