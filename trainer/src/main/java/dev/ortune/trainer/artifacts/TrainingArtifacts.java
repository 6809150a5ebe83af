package dev.ortune.trainer.artifacts;

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
