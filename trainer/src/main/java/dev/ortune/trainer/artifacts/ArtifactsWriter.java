package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.OnnxFile;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.model.Network;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the four artifacts of ONNX Runtime Training for a network. */
public final class ArtifactsWriter {
    private ArtifactsWriter() {}

    /**
     * Writes all four files; an existing one of the same name is replaced.
     *
     * @param network what is trained
     * @param weights all of {@link Network#sessionParameters} under their names; others are left out
     * @param options optimizer and target
     * @param folder where to; made if need be
     * @throws OrtuneException when a weight is missing or has another shape than the graph, or a file cannot be written
     */
    public static TrainingArtifacts write(Network network, Weights weights, ArtifactOptions options, Path folder) {
        TrainingArtifacts artifacts = new TrainingArtifacts(folder);
        Graph training = TrainingGraph.training(network, options);
        Graph eval = TrainingGraph.eval(network, options);
        SessionWeights session = new SessionWeights(network, options.target());
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new OrtuneException(folder + ": cannot be made: " + e.getMessage(), e);
        }
        OnnxFile.write(training, artifacts.trainingModel());
        OnnxFile.write(eval, artifacts.evalModel());
        OnnxFile.write(OptimizerModel.of(options.optimizer()), artifacts.optimizerModel());
        session.write(weights, artifacts.checkpoint());
        return artifacts;
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
