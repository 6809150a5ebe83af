package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.Parameter;
import java.util.Arrays;
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
    private final Map<ParameterStack, SessionWeight> weights = new LinkedHashMap<>();

    /**
     * Declares the inputs and cuts them into the weights.
     *
     * @param adaptation which are trained, and how fast each learns
     * @param style says in which type the layers compute; stacks of layers are cast to it
     */
    StackedParameters(List<Parameter> all, Adaptation adaptation, GpuGraph style, Graph graph) {
        this.ops = new Ops(graph).in("weights");
        this.style = style;
        for (ParameterStack stack : ParameterStack.of(all, adaptation)) {
            Value input = graph.input(stack.name(), ElementType.FLOAT, stack.shape());
            Value rate = rate(stack, adaptation);
            weights.put(
                    stack,
                    new SessionWeight(
                            input,
                            cut(stack, rate == null ? input : ops.mul(input, rate)),
                            rate,
                            stack.decays(),
                            adaptation.trains(stack.members().get(0))));
        }
    }

    /** One number for all, or one for each of the tensor's rows; null for 1. */
    private Value rate(ParameterStack stack, Adaptation adaptation) {
        double[] rates = stack.members().stream()
                .mapToDouble(member -> adaptation.rate(member.name()))
                .toArray();
        if (Arrays.stream(rates).allMatch(rate -> rate == rates[0])) {
            return rates[0] == 1 ? null : ops.scalar((float) rates[0]);
        }
        int rows = (int) stack.memberShape().dim(0).size();
        float[] column = new float[rows * rates.length];
        for (int i = 0; i < rates.length; i++) {
            Arrays.fill(column, i * rows, (i + 1) * rows, (float) rates[i]);
        }
        long[] shape = new long[stack.shape().rank()];
        Arrays.fill(shape, 1);
        shape[0] = column.length;
        return ops.constant(Constant.floats(column, shape));
    }

    private List<Value> cut(ParameterStack stack, Value input) {
        if (stack.parts() == 1 && !stack.ofLayers()) {
            return List.of(input);
        }
        return ops.split(ops.as(input, style.type()), stack.parts()).outputs();
    }

    /** The part of which the weight of that name is the first. */
    Value get(String name) {
        for (Map.Entry<ParameterStack, SessionWeight> entry : weights.entrySet()) {
            int part = entry.getKey().partThatBeginsWith(name);
            if (part >= 0) {
                return entry.getValue().read().get(part);
            }
        }
        throw new IllegalArgumentException("No part begins with " + name);
    }

    /** All of them, in order. */
    public List<SessionWeight> all() {
        return List.copyOf(weights.values());
    }

    /**
     * A stack's gradient out of those of its parts, in a type that can be added to a buffer of float32.
     */
    public Value gradient(List<Value> ofParts) {
        Value whole =
                ofParts.size() == 1 ? ofParts.get(0) : ops.concat(0, total(ofParts), ofParts.toArray(Value[]::new));
        return style.addsHalves() ? whole : ops.as(whole, ElementType.FLOAT);
    }

    private static Shape.Dim total(List<Value> parts) {
        return new Shape.Dim(
                null,
                parts.stream().mapToLong(part -> part.shape().dim(0).size()).sum());
    }
}
