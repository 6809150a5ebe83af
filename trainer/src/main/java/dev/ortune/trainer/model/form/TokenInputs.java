package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Graph;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;

/**
 * What the graphs for a GPU take: a batch's tokens in one row, and all index arithmetic already done, so that no step of
 * it runs on the GPU and nothing makes the host wait for a size. {@code tokens} counts the tokens without padding in
 * {@link TokenLayout#PACKED}, all places in {@link TokenLayout#PADDED}. All are int64 but those that are said to be float.
 *
 * @param inputIds token ids: {@code [tokens]}
 * @param tokenTypeIds segments: {@code [tokens]}; null where the family has none
 * @param positionIds each token's place in its sequence: {@code [tokens]}
 * @param keyBias float, 0 where a place holds a token, else a large negative number: {@code [1, batch, 1, 1, sequence]}
 * @param single where each sequence's first or last token is; null where a head reads others
 * @param mean how sequences' means are made of tokens; null where a head reads none
 * @param heads how attention's heads are arranged
 */
record TokenInputs(
        Value inputIds,
        Value tokenTypeIds,
        Value positionIds,
        Value keyBias,
        SequenceTokens single,
        Mean mean,
        Heads heads) {
    /**
     * Tokens in means.
     *
     * @param sequences each token's sequence: {@code [tokens]}
     * @param shares float, 1 over the tokens of its sequence, and 0 for padding: {@code [tokens, 1]}
     */
    record Mean(Value sequences, Value shares) {
        static Mean of(Graph graph) {
            return new Mean(
                    graph.input("sequence_ids", ElementType.INT64, Shape.of(Packing.TOKENS)),
                    graph.input("token_shares", ElementType.FLOAT, Shape.of(Packing.TOKENS, 1)));
        }
    }

    /** How queries, keys and values come from {@code [tokens, 3 hidden]}, and their results back. */
    sealed interface Heads permits Picked, Transposed {}

    /**
     * Rows picked one by one.
     *
     * @param toHeads the row in {@code [tokens * 3 * heads, head size]} for each place, any at padding: {@code [3, batch,
     *     heads, sequence]}
     * @param fromHeads the way back for a third of them: the place in {@code [batch * heads * sequence]} of each row of
     *     {@code [tokens * heads, head size]}: {@code [tokens * heads]}
     * @param fromAll the way back for all of them: {@code [tokens * 3 * heads]}
     * @param toHeadsOfOne {@code toHeads} for {@code [tokens * heads, head size]}: {@code [batch, heads, sequence]}
     * @param queryMask float, 1 where a place holds a token, else 0: {@code [batch, 1, sequence, 1]}
     */
    record Picked(Value toHeads, Value fromHeads, Value fromAll, Value toHeadsOfOne, Value queryMask) implements Heads {
        Picked as(ElementType type, Ops ops) {
            return new Picked(toHeads, fromHeads, fromAll, toHeadsOfOne, ops.as(queryMask, type));
        }
    }

    /**
     * Axes exchanged.
     *
     * @param sizes {@code batch, sequence, 3, heads, head size}: {@code [5]}
     */
    record Transposed(Value sizes) implements Heads {}

    /** Declares the inputs. */
    static TokenInputs of(Graph graph, Geometry geometry, TokenLayout layout, Rows rows) {
        Shape tokens = Shape.of(Packing.TOKENS);
        return new TokenInputs(
                graph.input("input_ids", ElementType.INT64, tokens),
                geometry.tokenTypes() ? graph.input("token_type_ids", ElementType.INT64, tokens) : null,
                graph.input("position_ids", ElementType.INT64, tokens),
                graph.input("key_bias", ElementType.FLOAT, Shape.of(1, Packing.BATCH, 1, 1, Packing.SEQUENCE)),
                rows.areSingle() ? SequenceTokens.of(graph, rows) : null,
                rows == Rows.MEAN ? Mean.of(graph) : null,
                layout == TokenLayout.PACKED ? picked(graph, geometry.heads()) : transposed(graph));
    }

    /** The same with what was declared as float in another type. */
    TokenInputs as(ElementType type, Ops ops) {
        return new TokenInputs(
                inputIds,
                tokenTypeIds,
                positionIds,
                ops.as(keyBias, type),
                single == null ? null : single.as(type, ops),
                mean,
                heads instanceof Picked picked ? picked.as(type, ops) : heads);
    }

    private static Heads picked(Graph graph, long heads) {
        return new Picked(
                graph.input("to_heads", ElementType.INT64, Shape.of(3, Packing.BATCH, heads, Packing.SEQUENCE)),
                graph.input("from_heads", ElementType.INT64, Shape.of(Packing.TOKEN_HEADS)),
                graph.input("from_all_heads", ElementType.INT64, Shape.of("token_heads_3")),
                graph.input("to_heads_of_one", ElementType.INT64, Shape.of(Packing.BATCH, heads, Packing.SEQUENCE)),
                graph.input("query_mask", ElementType.FLOAT, Shape.of(Packing.BATCH, 1, Packing.SEQUENCE, 1)));
    }

    private static Heads transposed(Graph graph) {
        return new Transposed(graph.input("head_sizes", ElementType.INT64, Shape.of(5)));
    }
}
