package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import java.util.List;

/**
 * The rows of a decoder: for each sequence of a batch as many places, {@code [batch * places, width]}. What is behind a shorter
 * sequence's end is computed, too: no place before it sees it.
 *
 * @param batch how many sequences there are, int64 {@code [1]}
 * @param length places of each, int64 {@code [1]}
 * @param places what that axis is called
 */
public record DecoderRows(Value batch, Value length, Dim places) {
    private static final Dim BATCH = new Dim("batch", -1);
    private static final Dim ROWS = new Dim("decoder_rows", -1);

    /** Those of ids {@code [batch, places]}. */
    public static DecoderRows of(Ops ops, Value ids) {
        Value sizes = ops.shape(ids);
        return new DecoderRows(
                ops.gather(sizes, ops.vector(0), 0),
                ops.gather(sizes, ops.vector(1), 0),
                ids.shape().dim(1));
    }

    /** The same sequences with one place each. */
    DecoderRows ofOne(Ops ops) {
        return new DecoderRows(batch, ops.vector(1), new Dim(null, 1));
    }

    private Dim rows() {
        return places.equals(new Dim(null, 1)) ? BATCH : ROWS;
    }

    /** Ids {@code [batch, places]} in one row. */
    public Value inOneRow(Ops ops, Value ids) {
        return ops.reshape(ids, new Shape(List.of(rows())));
    }

    /** {@code [rows, heads * head size]} to {@code [batch, heads, places, head size]}. */
    Value byHead(Ops ops, Value x, int heads, int headSize) {
        Value sizes = ops.concat(0, new Dim(null, 4), batch, length, ops.vector(heads, headSize));
        return ops.transpose(ops.reshape(x, sizes, Shape.of(BATCH, places, heads, headSize)), 0, 2, 1, 3);
    }

    /** {@code [batch, heads, places, head size]} to {@code [rows, heads * head size]}. */
    Value inRows(Ops ops, Value x) {
        long width = x.shape().dim(1).size() * x.shape().dim(3).size();
        return ops.reshape(ops.transpose(x, 0, 2, 1, 3), Shape.of(rows(), width));
    }

    /**
     * Of each sequence the row of one place.
     *
     * @param place of each: int64 {@code [batch]}
     * @return {@code [batch, width]}
     */
    Value picked(Form form, Value rows, Value place) {
        Ops ops = form.ops().in("picked");
        Value sequences = ops.range(ops.reshape(batch, Shape.of()), BATCH);
        Value indices = ops.add(ops.mul(sequences, length), place);
        return form.picked(rows, indices, () -> {
            Value all = ops.range(ops.reshape(ops.mul(batch, length), Shape.of()), ROWS);
            Value sequence = ops.div(all, length);
            Value isPicked = ops.cast(ops.equal(all, ops.gather(indices, sequence, 0)), ElementType.FLOAT);
            Value mask = ops.as(ops.reshape(isPicked, Shape.of(ROWS, 1)), rows.type());
            return new RowInverse(sequence, mask);
        });
    }
}
