package dev.ortune.trainer.artifacts;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The four files from which ONNX Runtime Training starts, on any platform and from any language.
 *
 * @param folder where they are
 */
public record TrainingArtifacts(Path folder) {
    /** Forward and backward pass; accumulates gradients. */
    public Path trainingModel() {
        return folder.resolve("training_model.onnx");
    }

    /** How many dropouts a forward pass of the training model draws, fused ones included; 1 at least. */
    public int dropouts() {
        try (InputStream model = Files.newInputStream(trainingModel())) {
            return (int) Math.max(
                    1,
                    ModelProto.parseFrom(model).getGraph().getNodeList().stream()
                            .filter(node -> node.getOpType().endsWith("Dropout"))
                            .count());
        } catch (IOException e) {
            throw new OrtuneException(trainingModel() + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Forward pass without dropout: loss and logits. */
    public Path evalModel() {
        return folder.resolve("eval_model.onnx");
    }

    /** The update of the weights. */
    public Path optimizerModel() {
        return folder.resolve("optimizer_model.onnx");
    }

    /** The weights to start from. */
    public Path checkpoint() {
        return folder.resolve("checkpoint");
    }
}
