package dev.ortune.trainer.report;

import dev.ortune.trainer.artifacts.Optimizer;
import dev.ortune.trainer.pretrained.TensorSpec;
import java.util.List;
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
        static Group of(List<TensorSpec> specs) {
            return new Group(
                    specs.size(), specs.stream().mapToLong(TensorSpec::elements).sum());
        }
    }

    public static ParameterGroups of(List<TensorSpec> parameters) {
        var groups = parameters.stream().collect(Collectors.partitioningBy(spec -> Optimizer.decays(spec.name())));
        return new ParameterGroups(Group.of(groups.get(true)), Group.of(groups.get(false)));
    }

    public List<String> lines() {
        return List.of(
                "weight decay     " + text(decayed) + ": matrices and embeddings",
                "no weight decay  " + text(spared) + ": biases and LayerNorms");
    }

    private static String text(Group group) {
        return Format.count(group.elements()) + " parameters in " + group.tensors() + " tensors";
    }
}
