package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
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
        return of(graph, tokenTypes, false);
    }

    /**
     * Declares the inputs.
     *
     * @param ofChoices whether they are {@code [batch, choices, sequence]}
     */
    static ModelInputs of(Graph graph, boolean tokenTypes, boolean ofChoices) {
        Shape shape = ofChoices ? Shape.of("batch", "choices", "sequence") : Shape.of("batch", "sequence");
        return new ModelInputs(
                graph.input("input_ids", ElementType.INT64, shape),
                graph.input("attention_mask", ElementType.INT64, shape),
                tokenTypes ? graph.input("token_type_ids", ElementType.INT64, shape) : null);
    }

    /** Declares those of a text that grows: new tokens, and a mask that has those before them, too. */
    static ModelInputs ofNew(Graph graph) {
        return new ModelInputs(
                graph.input("input_ids", ElementType.INT64, Shape.of("batch", "sequence")),
                graph.input("attention_mask", ElementType.INT64, Shape.of(new Shape.Dim("batch", -1), Past.ALL)),
                null);
    }

    /**
     * Declares those of a decoder behind an encoder: the ids are its own, int64 {@code [batch, decoder_sequence]}, the mask that of
     * the encoder's tokens.
     */
    static ModelInputs ofDecoder(Graph graph) {
        return new ModelInputs(
                graph.input("input_ids", ElementType.INT64, Shape.of("batch", "decoder_sequence")),
                graph.input("encoder_attention_mask", ElementType.INT64, Shape.of("batch", "sequence")),
                null);
    }

    /** Of {@code [batch, choices, sequence]} the choices of all examples, {@code [batch * choices, sequence]}. */
    ModelInputs oneAfterTheOther(Ops ops) {
        Value length = ops.gather(ops.shape(inputIds), ops.vector(2), 0);
        Value sizes = ops.concat(0, new Shape.Dim(null, 2), ops.vector(-1), length);
        Shape shape = Shape.of("batch", "sequence");
        return new ModelInputs(
                ops.reshape(inputIds, sizes, shape),
                ops.reshape(attentionMask, sizes, shape),
                tokenTypeIds == null ? null : ops.reshape(tokenTypeIds, sizes, shape));
    }
}
