package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.OrtuneException;
import dev.ortune.trainer.encoder.BertConfig;
import dev.ortune.trainer.encoder.ParameterStack;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.OnnxFile;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.pretrained.Tensor;
import dev.ortune.trainer.pretrained.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the four artifacts of ONNX Runtime Training for a BERT classifier. */
public final class ArtifactsWriter {
    private ArtifactsWriter() {}

    /**
     * Writes all four files; an existing one of the same name is replaced.
     *
     * @param config the architecture
     * @param labels number of labels
     * @param weights every parameter under its Hugging Face name; others are left out
     * @param options loss, optimizer and target
     * @param folder where to; made if need be
     * @throws OrtuneException when a weight is missing or has another shape than the graph, or a file cannot be written
     */
    public static TrainingArtifacts write(
            BertConfig config, int labels, Weights weights, ArtifactOptions options, Path folder) {
        TrainingArtifacts artifacts = new TrainingArtifacts(folder);
        Graph training = TrainingGraph.training(config, labels, options);
        Graph eval = TrainingGraph.eval(config, labels, options);
        Weights used = new Weights(weights.origin(), parameters(config, labels, eval, weights, options));
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

    /** The graph's weights, each of its shape; for CUDA stacked. The float inputs of a graph for the CPU are its weights. */
    private static List<Tensor> parameters(
            BertConfig config, int labels, Graph eval, Weights weights, ArtifactOptions options) {
        if (options.target() == Target.CUDA) {
            return StackedWeights.stack(ParameterStack.of(config, labels), weights);
        }
        List<Tensor> result = new ArrayList<>();
        for (Value input : eval.inputs().values()) {
            if (input.type() == ElementType.FLOAT) {
                result.add(shaped(weights, input.name(), input.shape()));
            }
        }
        return result;
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
