package dev.ortune.trainer.model;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The two groups that the optimizer treats in different ways.
 *
 * @param decayed parameters with weight decay
 * @param spared biases and LayerNorms, without
 */
public record ParameterGroups(Group decayed, Group spared) {
    /**
     * A number of parameters.
     *
     * @param tensors how many tensors
     * @param elements how many numbers in all
     */
    public record Group(int tensors, long elements) {
        static Group of(List<Parameter> parameters) {
            return new Group(
                    parameters.size(),
                    parameters.stream().mapToLong(Parameter::elements).sum());
        }
    }

    public static ParameterGroups of(List<Parameter> parameters) {
        var groups = parameters.stream()
                .collect(Collectors.partitioningBy(parameter -> parameter.role().decays()));
        return new ParameterGroups(Group.of(groups.get(true)), Group.of(groups.get(false)));
    }

    public List<String> lines() {
        return List.of(
                "weight decay     " + text(decayed) + ": matrices and embeddings",
                "no weight decay  " + text(spared) + ": biases and LayerNorms");
    }

    private static String text(Group group) {
        return String.format(Locale.ROOT, "%,d parameters in %d tensors", group.elements(), group.tensors());
    }
}
