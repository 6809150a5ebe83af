package dev.ortune.trainer.model.form;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights of one kind in one tensor, along its first axis. It is cut into parts of one size; a part is one weight, or the
 * query's, key's and value's together.
 *
 * @param name of the tensor, a graph's input: a Hugging Face name where it holds one weight
 * @param members the weights in it, in order, all of one shape
 * @param parts into how many it is cut
 * @param ofLayers whether it belongs to the encoder's layers, which may compute in half precision
 */
public record ParameterStack(String name, List<Parameter> members, int parts, boolean ofLayers) {
    /**
     * How a network's weights are stacked: those that are alike in all layers together, and all vectors of one length that
     * weight decay spares. Every weight is in one stack. Those that are frozen are in stacks of their own.
     *
     * @throws OrtuneException where some of what is multiplied with as one is frozen and some is not
     */
    public static List<ParameterStack> of(List<Parameter> all, Adaptation adaptation) {
        Map<String, List<Parameter>> stacks = new LinkedHashMap<>();
        Map<String, Boolean> trained = new HashMap<>();
        for (Parameter parameter : all) {
            boolean trains = adaptation.trains(parameter);
            if (trained.computeIfAbsent(parameter.part(), part -> trains) != trains) {
                throw new OrtuneException("On a GPU " + parameter.part()
                        + " of query, key and value is one weight, which is frozen or trained as a whole");
            }
            String name = trains ? stack(parameter) : stack(parameter) + (isShared(parameter) ? ".frozen" : "");
            stacks.computeIfAbsent(name, key -> new ArrayList<>()).add(parameter);
        }
        List<ParameterStack> result = new ArrayList<>();
        stacks.forEach((name, members) -> result.add(new ParameterStack(
                name,
                List.copyOf(members),
                (int) members.stream().map(Parameter::part).distinct().count(),
                members.get(0).ofLayers())));
        return result;
    }

    /** Whether its stack may hold others. */
    private static boolean isShared(Parameter parameter) {
        return parameter.ofLayers();
    }

    private static String stack(Parameter parameter) {
        if (!isShared(parameter)) {
            return parameter.name();
        }
        boolean alone = parameter.part().equals(parameter.name());
        if (alone && !parameter.role().decays() && parameter.shape().rank() == 1) {
            return parameter.name().substring(0, parameter.name().indexOf('.')) + ".vectors."
                    + parameter.shape().dim(0).size();
        }
        return parameter.part().replaceFirst("\\.(layers?|block|h)\\.\\d+\\.", ".layers.");
    }

    /** The shape of each member. */
    public Shape memberShape() {
        return members.get(0).shape();
    }

    /** The tensor's shape. */
    public Shape shape() {
        return memberShape().with(0, new Shape.Dim(null, memberShape().dim(0).size() * members.size()));
    }

    /** Whether weight decay applies to it. */
    public boolean decays() {
        return members.get(0).role().decays();
    }

    /** The number of the part whose first weight has that name, or -1. */
    int partThatBeginsWith(String weight) {
        int perPart = members.size() / parts;
        for (int part = 0; part < parts; part++) {
            if (members.get(part * perPart).name().equals(weight)) {
                return part;
            }
        }
        return -1;
    }
}
