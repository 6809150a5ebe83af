package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;

/**
 * Where each token of a padded batch goes when the padding is left out, worked out in the graph from the attention mask.
 * Everything that treats tokens one by one (projections, LayerNorm, feed-forward) then runs on {@code tokens} rows
 * instead of {@code batch * sequence}; only attention needs the padded form, head by head.
 *
 * @param slots the padded place of each token, row-major in {@code [batch, sequence]}: {@code [tokens]}
 * @param positions each token's place in its sequence: {@code [tokens]}
 * @param rows the row of each padded place, row 0 of the batch at padding: {@code [batch, sequence]}
 * @param toHeads for each padded place of each head the row in {@code [tokens * heads, head size]} (row 0 of the batch at
 *     padding): {@code [batch, heads, sequence]}
 * @param fromHeads the way back: for each row of {@code [tokens * heads, ..]} its padded place: {@code [tokens * heads]}
 * @param single each sequence's last token where a head reads that, else its first, [CLS]
 * @param queryMask 1 where a padded place holds a token, else 0, float: {@code [batch, 1, sequence, 1]}
 * @param keyBias 0 where a padded place holds a token, else a large negative number: {@code [batch, 1, 1, sequence]}
 */
record Packing(
        Value slots,
        Value positions,
        Value rows,
        Value toHeads,
        Value fromHeads,
        SequenceTokens single,
        Value queryMask,
        Value keyBias) {
    static final Dim BATCH = new Dim("batch", -1);
    static final Dim SEQUENCE = new Dim("sequence", -1);
    static final Dim TOKENS = new Dim("tokens", -1);
    static final Dim TOKEN_HEADS = new Dim("token_heads", -1);

    /** Far below any attention score, yet not infinite: exp gives exactly 0, and nothing turns into NaN. */
    static final float MASKED = -1e30f;

    /** Adds the index arithmetic for an attention mask {@code [batch, sequence]} of int64 zeros and ones. */
    static Packing of(Value attentionMask, long heads, Rows wanted, Ops ops) {
        Value sizes = ops.shape(attentionMask);
        Value length = ops.gather(sizes, ops.vector(1), 0);
        Value mask = ops.reshape(attentionMask, Shape.of("slots"));
        Value nonZero = ops.nonZero(mask, TOKENS.symbol());
        Value slots = ops.reshape(nonZero, Shape.of(TOKENS));
        Value positions = ops.mod(slots, length);
        Value sequences = ops.div(slots, length);

        // Padding points at row 0: harmless in the forward pass, since the key bias hides it and its query is dropped.
        Value row = ops.mul(ops.sub(ops.cumSum(mask, 0), ops.vector(1)), mask);
        Value rows = ops.reshape(row, sizes, Shape.of(BATCH, SEQUENCE));

        Value head = ops.constant(range(heads));
        Value headColumn = ops.reshape(head, Shape.of(heads, 1));
        Value rows3 = ops.reshape(rows, Shape.of(BATCH, 1, SEQUENCE));
        Value toHeads = ops.add(ops.mul(rows3, ops.vector(heads)), headColumn);

        // Token t of sequence b at position p, head h, stands at ((b * heads) + h) * length + p.
        Value sequenceColumn = ops.reshape(sequences, Shape.of(TOKENS, 1));
        Value positionColumn = ops.reshape(positions, Shape.of(TOKENS, 1));
        Value block = ops.add(ops.mul(sequenceColumn, ops.vector(heads)), head);
        Value places = ops.add(ops.mul(block, length), positionColumn);
        Value fromHeads = ops.reshape(places, Shape.of(TOKEN_HEADS));

        Value maskFloat = ops.cast(attentionMask, ElementType.FLOAT);
        Value queryMask = ops.reshape(maskFloat, Shape.of(BATCH, 1, SEQUENCE, 1));
        Value keyMask = ops.reshape(maskFloat, Shape.of(BATCH, 1, 1, SEQUENCE));
        Value keyBias = ops.mul(ops.sub(ops.scalar(1f), keyMask), ops.scalar(MASKED));
        return new Packing(
                slots,
                positions,
                rows,
                toHeads,
                fromHeads,
                wanted == Rows.LAST
                        ? last(attentionMask, sequences, positionColumn, ops)
                        : first(rows, sequences, positionColumn, ops),
                queryMask,
                keyBias);
    }

    private static SequenceTokens first(Value rows, Value sequences, Value positionColumn, Ops ops) {
        Value first = ops.gather(rows, ops.constant(Constant.scalar(0L)), 1);
        Value isFirst = ops.cast(ops.equal(positionColumn, ops.vector(0)), ElementType.FLOAT);
        return new SequenceTokens(first, new RowInverse(sequences, isFirst));
    }

    private static SequenceTokens last(Value attentionMask, Value sequences, Value positionColumn, Ops ops) {
        Value counts = ops.reduceSum(attentionMask, false, 1);
        Value last = ops.sub(ops.cumSum(counts, 0), ops.vector(1));
        Value lastPlaces = ops.gather(ops.sub(counts, ops.vector(1)), sequences, 0);
        Value isLast = ops.equal(positionColumn, ops.reshape(lastPlaces, Shape.of(TOKENS, 1)));
        return new SequenceTokens(last, new RowInverse(sequences, ops.cast(isLast, ElementType.FLOAT)));
    }

    private static Constant range(long count) {
        long[] values = new long[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        return Constant.vector(values);
    }
}
