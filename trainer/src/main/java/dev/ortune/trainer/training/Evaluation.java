package dev.ortune.trainer.training;

import java.util.Map;

/**
 * What a model says of a batch.
 *
 * @param loss over the batch
 * @param outputs the head's by name, row-major, such as {@code logits}: {@code [size, labels]}, or {@code [tokens, labels]}
 *     without padding
 */
public record Evaluation(float loss, Map<String, float[]> outputs) {
    public Evaluation {
        outputs = Map.copyOf(outputs);
    }

    public float[] logits() {
        return outputs.get("logits");
    }
}
