package dev.ortune.trainer.model.layers;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import dev.ortune.trainer.model.form.Form;
import java.util.function.IntUnaryOperator;

/**
 * What depends on how far a key stands from a query: computed once for each of the {@code 2 L} distances that a batch of
 * length {@code L} has, {@code L, L - 1, .., 1 - L} as query minus key, and then laid out by places. Query {@code q} and key
 * {@code k} are at distance number {@code L - q + k}: each row begins one number earlier than the one above it, and so do
 * rows of one number less in the same memory (Dai et al. 2019, arXiv:1901.02860, appendix B).
 */
public final class Distances {
    private static final Dim DISTANCES = new Dim("distances", -1);
    /** What the sequence's axis is called. */
    public static final Dim SEQUENCE = new Dim("sequence", -1);

    private final Form form;
    private final Value length;
    private final Dim sequence;

    private Distances(Form form, Value length, Dim sequence) {
        this.form = form;
        this.length = length;
        this.sequence = sequence;
    }

    /** Those of a form's batches. */
    public static Distances of(Form form) {
        return new Distances(form, form.length(), SEQUENCE);
    }

    /**
     * Those of other sequences than a form's tokens.
     *
     * @param length int64 {@code [1]}
     * @param places what that axis is called
     */
    public static Distances of(Form form, Value length, Dim places) {
        return new Distances(form, length, places);
    }

    /** How long the sequences are: int64 {@code [1]}. */
    public Value length() {
        return length;
    }

    /** What the axis of their places is called. */
    public Dim sequence() {
        return sequence;
    }

    /**
     * The number that a family gives to each distance, such as a row of a table.
     *
     * @param number by query's place minus key's
     * @param mostTokens of the longest sequence
     * @return int64 {@code [distances]}
     */
    public Value numbers(IntUnaryOperator number, int mostTokens) {
        long[] all = new long[2 * mostTokens];
        for (int i = 0; i < all.length; i++) {
            all[i] = number.applyAsInt(mostTokens - i);
        }
        Ops ops = form.ops().in("distances");
        Value middle = ops.vector(mostTokens);
        Value from = ops.sub(middle, length);
        Value to = ops.add(middle, length);
        return ops.slice(ops.constant(Constant.vector(all)), from, to, 0, DISTANCES);
    }

    /**
     * The same where all distances beyond a farthest one have its number, so that sequences may have any length.
     *
     * @param number by query's place minus key's, of {@code -farthest} to {@code farthest}
     * @return int64 {@code [distances]}
     */
    public Value numbers(IntUnaryOperator number, int farthest, Ops ops) {
        long[] all = new long[2 * farthest + 1];
        for (int i = 0; i < all.length; i++) {
            all[i] = number.applyAsInt(i - farthest);
        }
        Value distance = ops.sub(length, ops.range(ops.reshape(ops.add(length, length), Shape.of()), DISTANCES));
        Value near = ops.min(ops.max(distance, ops.vector(-farthest)), ops.vector(farthest));
        return ops.gather(ops.constant(Constant.vector(all)), ops.add(near, ops.vector(farthest)), 0);
    }

    /**
     * The same distances the other way round, so that keys ask how far queries are.
     *
     * @param byDistance rows by distance
     */
    public Value mirrored(Ops ops, Value byDistance, int mostTokens) {
        // At distance d stands number L - d, and at -d number L + d; the first one, L, has no counterpart and is never
        // read.
        Value opposite = ops.add(numbers(distance -> distance, mostTokens), length);
        Value order = ops.mod(opposite, ops.add(length, length));
        return ops.gatherRows(byDistance, order, new RowInverse(order, null));
    }

    /**
     * Values by distance laid out by places.
     *
     * @param byDistance {@code [.., rows that ask, distances]}
     * @return {@code [.., rows that ask, sequence]}
     */
    public Value places(Ops ops, Value byDistance) {
        int rank = byDistance.shape().rank();
        Shape leading = byDistance.shape().slice(0, rank - 2);
        // A size of 0 stays what it is, and -1 is what is left.
        Value kept = ops.vector(new long[rank - 2]);
        Value rest = ops.vector(-1);
        Value flat = ops.reshape(
                byDistance, ops.concat(0, new Dim(null, rank - 1L), kept, rest), leading.concat(Shape.of("numbers")));
        Value later = ops.slice(flat, length, ops.vector(Long.MAX_VALUE), -1, new Dim("later_numbers", -1));
        Value sizes = ops.concat(0, new Dim(null, rank), kept, length, rest);
        Value shifted = ops.reshape(later, sizes, leading.concat(Shape.of(sequence, "shorter_rows")));
        return ops.slice(shifted, ops.vector(0), length, -1, sequence);
    }

    /**
     * Those of the first token's alone.
     *
     * @param byDistance distances along an axis
     * @return the sequence along it
     */
    public Value ofFirst(Ops ops, Value byDistance, int axis) {
        return ops.slice(byDistance, length, ops.add(length, length), axis, sequence);
    }
}
