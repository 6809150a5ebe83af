package dev.ortune.trainer.encoder;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;

/**
 * What every graph takes, under Hugging Face's names: int64 {@code [batch, sequence]}.
 *
 * @param inputIds token ids
 * @param attentionMask 1 for tokens, 0 for padding
 * @param tokenTypeIds the segment of each token
 */
public record ModelInputs(Value inputIds, Value attentionMask, Value tokenTypeIds) {
    /** Declares the three inputs. */
    public static ModelInputs of(Graph graph) {
        Shape shape = Shape.of("batch", "sequence");
        return new ModelInputs(
                graph.input("input_ids", ElementType.INT64, shape),
                graph.input("attention_mask", ElementType.INT64, shape),
                graph.input("token_type_ids", ElementType.INT64, shape));
    }
}
