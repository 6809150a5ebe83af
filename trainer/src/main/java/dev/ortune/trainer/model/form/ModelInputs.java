package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;

/**
 * What graphs that compute padding out themselves take, under Hugging Face's names: int64 {@code [batch, sequence]}.
 *
 * @param inputIds token ids
 * @param attentionMask 1 for tokens, 0 for padding
 * @param tokenTypeIds the segment of each token, or null where a family has none
 */
record ModelInputs(Value inputIds, Value attentionMask, Value tokenTypeIds) {
    /** Declares the inputs. */
    static ModelInputs of(Graph graph, boolean tokenTypes) {
        Shape shape = Shape.of("batch", "sequence");
        return new ModelInputs(
                graph.input("input_ids", ElementType.INT64, shape),
                graph.input("attention_mask", ElementType.INT64, shape),
                tokenTypes ? graph.input("token_type_ids", ElementType.INT64, shape) : null);
    }
}
