package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.OnnxFile;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.model.form.ParameterStack;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes the four artifacts of ONNX Runtime Training for a network. */
public final class ArtifactsWriter {
    private ArtifactsWriter() {}

    /**
     * Writes all four files; an existing one of the same name is replaced.
     *
     * @param network what is trained
     * @param weights every parameter under its Hugging Face name; others are left out
     * @param options optimizer and target
     * @param folder where to; made if need be
     * @throws OrtuneException when a weight is missing or has another shape than the graph, or a file cannot be written
     */
    public static TrainingArtifacts write(Network network, Weights weights, ArtifactOptions options, Path folder) {
        TrainingArtifacts artifacts = new TrainingArtifacts(folder);
        Graph training = TrainingGraph.training(network, options);
        Graph eval = TrainingGraph.eval(network, options);
        Weights used = new Weights(weights.origin(), parameters(network, weights, options));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be made: " + e.getMessage(), e);
        }
        OnnxFile.write(training, artifacts.trainingModel());
        OnnxFile.write(eval, artifacts.evalModel());
        OnnxFile.write(OptimizerModel.of(options.optimizer()), artifacts.optimizerModel());
        Checkpoint.write(artifacts.checkpoint(), used);
        return artifacts;
    }

    /** The graph's weights, each of its shape; for CUDA stacked. */
    private static List<Tensor> parameters(Network network, Weights weights, ArtifactOptions options) {
        return options.target() == Target.CUDA
                ? StackedWeights.stack(ParameterStack.of(network.parameters()), weights)
                : network.parameters().stream()
                        .map(parameter -> shaped(weights, parameter.name(), parameter.shape()))
                        .toList();
    }

    /** The tensor of that name; an {@link OrtuneException} when it has another shape. */
    static Tensor shaped(Weights weights, String name, Shape expected) {
        Tensor tensor = weights.get(name);
        Shape shape = Shape.of(tensor.shape());
        if (!shape.equals(expected)) {
            throw new OrtuneException(weights.origin() + ": tensor " + tensor.name() + " has shape " + shape
                    + " where the configuration asks for " + expected);
        }
        return tensor;
    }
}
