package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.model.Adaptation;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.Parameter;
import dev.ortune.trainer.model.form.ParameterStack;
import dev.ortune.trainer.pretrained.Float32;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A network's weights as a training session's checkpoint has them: those that are trained and those that are frozen apart; one
 * that learns r times as fast as others divided by r; for CUDA stacked.
 */
public final class SessionWeights {
    private final Adaptation adaptation;
    private final List<Parameter> parameters;
    private final boolean stacked;

    public SessionWeights(Network network, Target target) {
        this.adaptation = network.adaptation();
        this.parameters = network.sessionParameters();
        this.stacked = target == Target.CUDA;
    }

    /**
     * Writes the checkpoint.
     *
     * @throws dev.ortune.trainer.OrtuneException naming a weight that is missing or of another shape
     */
    void write(Weights weights, Path checkpoint) {
        List<Tensor> trained = new ArrayList<>();
        List<Tensor> frozen = new ArrayList<>();
        for (Parameter parameter : parameters) {
            Tensor tensor = ArtifactsWriter.shaped(weights, parameter.name(), parameter.shape());
            (adaptation.trains(parameter) ? trained : frozen).add(times(tensor, 1 / adaptation.rate(parameter.name())));
        }
        Weights trainable = new Weights(weights.origin(), trained);
        Weights fixed = new Weights(weights.origin(), frozen);
        if (stacked) {
            trainable = new Weights(weights.origin(), StackedWeights.stack(stacks(true), trainable));
            fixed = new Weights(weights.origin(), StackedWeights.stack(stacks(false), fixed));
        }
        Checkpoint.write(checkpoint, trainable, fixed);
    }

    /** What is trained, as a checkpoint has it now, under the names of {@link Network#sessionParameters}. */
    public Weights read(Path checkpoint) {
        Weights trained = CheckpointReader.read(checkpoint);
        Weights apart = stacked ? StackedWeights.unstack(stacks(true), trained) : trained;
        List<Tensor> result = new ArrayList<>();
        for (Tensor tensor : apart.all()) {
            result.add(times(tensor, adaptation.rate(tensor.name())));
        }
        return new Weights(apart.origin(), result);
    }

    private List<ParameterStack> stacks(boolean ofTrained) {
        return ParameterStack.of(parameters, adaptation).stream()
                .filter(stack -> adaptation.trains(stack.members().get(0)) == ofTrained)
                .toList();
    }

    private static Tensor times(Tensor tensor, double factor) {
        if (factor == 1) {
            return tensor;
        }
        FloatBuffer from = tensor.data();
        FloatBuffer to = Float32.direct(tensor.elements());
        while (from.hasRemaining()) {
            to.put((float) (from.get() * factor));
        }
        return new Tensor(tensor.name(), tensor.shape(), to.flip());
    }
}
