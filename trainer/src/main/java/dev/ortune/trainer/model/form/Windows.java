package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;

/**
 * Attention to keys that are near: sequences are cut into blocks as long as a window reaches, and each block's queries meet the
 * keys of three blocks, so that the work grows with the length and not with its square. A batch of texts no longer than three
 * blocks stays in one.
 */
final class Windows {
    private static final Dim BLOCKS = new Dim("blocks", -1);
    private static final Dim BLOCK = new Dim("block", -1);
    private static final Dim SEEN = new Dim("seen", -1);
    private static final Dim NEIGHBOURS = new Dim("neighbours", -1);
    private static final int MOST_BLOCKS = 3;

    private final Ops ops;
    private final int reach;
    private final boolean isTrained;
    private final Source source;
    private final ElementType type;
    private final Value block;
    private final Value blocks;
    private final Value side;
    private final Value seen;
    /** Of each place that asks, those beyond the sequence's end being its last: {@code [blocks, block]}. */
    private final Value asking;
    /** Of each place that is asked: {@code [blocks, seen]}, and the same within the sequence. */
    private final Value asked;

    private final Value askedInside;
    private final Value queryRows;
    private final Value keyRows;
    private final Value bias;

    /**
     * Where the heads of tokens are and what they are.
     *
     * @param rowOfPlace the row of each place: {@code [batch, heads, sequence]}
     * @param placeOfRow the way back, as {@code (sequence * heads + head) * length + place}: {@code [rows]}
     * @param keyBias 0 where a place holds a token, else a large negative number: {@code [batch, sequence]}
     * @param length of the longest sequence: {@code [1]}
     * @param masked that number
     */
    record Source(Value rowOfPlace, Value placeOfRow, Value keyBias, Value length, float masked) {}

    /**
     * Of one reach.
     *
     * @param isTrained whether gradients will be asked for
     */
    Windows(Ops ops, int reach, Source source, boolean isTrained) {
        this.ops = ops;
        this.isTrained = isTrained;
        this.reach = reach;
        this.source = source;
        this.type = source.keyBias().type();
        Value length = source.length();
        Value one = ops.vector(1);
        Value isShort = ops.cast(ops.lessOrEqual(length, ops.vector((long) MOST_BLOCKS * reach)), ElementType.INT64);
        Value isLong = ops.sub(one, isShort);
        block = ops.add(ops.mul(isShort, length), ops.mul(isLong, ops.vector(reach)));
        blocks = ops.div(ops.sub(ops.add(length, block), one), block);
        side = ops.mul(isLong, block);
        seen = ops.add(block, ops.add(side, side));
        Value last = ops.sub(length, one);
        Value begins = ops.reshape(ops.mul(range(blocks, BLOCKS), block), Shape.of(BLOCKS, 1));
        asking = ops.add(begins, range(block, BLOCK));
        asked = ops.sub(ops.add(begins, range(seen, SEEN)), side);
        askedInside = ops.min(ops.max(asked, ops.vector(0)), last);
        queryRows = ops.gather(source.rowOfPlace(), ops.min(asking, last), 2);
        keyRows = ops.gather(source.rowOfPlace(), askedInside, 2);
        bias = bias();
    }

    private Value range(Value count, Dim dim) {
        return ops.range(ops.reshape(count, Shape.of()), dim);
    }

    /** {@code [batch, 1, blocks, block, seen]} */
    Value keyBias() {
        return bias;
    }

    private Value bias() {
        Value keys = ops.gather(source.keyBias(), askedInside, 1);
        Value sizes = ops.concat(0, new Dim(null, 5), ops.vector(0, 1), blocks, ops.vector(1), seen);
        Value ofKeys = ops.reshape(keys, sizes, Shape.of(Packing.BATCH, 1, BLOCKS, 1, SEEN));
        Value isOutside = ops.not(ops.equal(asked, askedInside));
        Value queryColumn = ops.reshape(range(block, BLOCK), Shape.of(BLOCK, 1));
        Value distance = ops.abs(ops.sub(queryColumn, ops.sub(range(seen, SEEN), side)));
        Value isFar = ops.not(ops.lessOrEqual(distance, ops.vector(reach)));
        Value outside = ops.unsqueeze(masked(isOutside), ops.vector(1));
        return ops.add(ofKeys, ops.add(outside, masked(isFar)));
    }

    private Value masked(Value condition) {
        return ops.mul(ops.as(condition, type), ops.as(ops.scalar(source.masked()), type));
    }

    /**
     * The queries, block by block.
     *
     * @param rows {@code [rows, head size]}
     * @return {@code [batch, heads, blocks, block, head size]}
     */
    Value queries(Value rows) {
        return isTrained
                ? ops.gatherRows(rows, queryRows, new RowInverse(placeAmongQueries(), null))
                : ops.gather(rows, queryRows, 0);
    }

    /** Row {@code (sequence, head, place)} asks at that place among whole blocks. */
    private Value placeAmongQueries() {
        Value ofHead = ops.mul(headOfRow(), ops.mul(blocks, block));
        return ops.add(ofHead, placeInSequence());
    }

    private Value headOfRow() {
        return ops.div(source.placeOfRow(), source.length());
    }

    private Value placeInSequence() {
        return ops.mod(source.placeOfRow(), source.length());
    }

    /**
     * The keys, or values, that each block sees.
     *
     * @param rows {@code [rows, head size]}
     * @return {@code [batch, heads, blocks, seen, head size]}
     */
    Value keys(Value rows) {
        return isTrained ? ops.gatherRows(rows, keyRows, placesAmongKeys()) : ops.gather(rows, keyRows, 0);
    }

    /** A key is seen by its own block and by those beside it. */
    private RowInverse placesAmongKeys() {
        Dim count = source.placeOfRow().shape().dim(0);
        Value place = ops.reshape(placeInSequence(), Shape.of(count, 1));
        Value head = ops.reshape(headOfRow(), Shape.of(count, 1));
        Value several = ops.min(side, ops.vector(1));
        Value from = ops.sub(ops.vector(1), several);
        Value to = ops.add(ops.vector(2), several);
        Value steps = ops.slice(ops.constant(Constant.vector(-1, 0, 1)), from, to, 0, NEIGHBOURS);
        Value wanted = ops.add(ops.div(place, block), steps);
        Value number = ops.min(ops.max(wanted, ops.vector(0)), ops.sub(blocks, ops.vector(1)));
        Value within = ops.add(ops.sub(place, ops.mul(number, block)), side);
        Value index = ops.add(ops.mul(ops.add(ops.mul(head, blocks), number), seen), within);
        Value isThere = ops.as(ops.equal(wanted, number), type);
        return new RowInverse(index, ops.unsqueeze(isThere, ops.vector(2)));
    }

    /**
     * Blocks put together again.
     *
     * @param context {@code [batch, heads, blocks, block, head size]}
     * @return {@code [batch, heads, sequence, head size]}
     */
    Value places(Value context) {
        Shape shape = context.shape();
        Shape joined = Shape.of(shape.dim(0), shape.dim(1), "places_of_blocks", shape.dim(4));
        Value places = ops.reshape(context, joined);
        return ops.slice(places, ops.vector(0), source.length(), 2, Packing.SEQUENCE);
    }

    /**
     * Blocks in rows again.
     *
     * @param context {@code [batch, heads, blocks, block, head size]}
     * @return {@code [rows, head size]}
     */
    Value rows(Value context) {
        Value each =
                ops.reshape(context, Shape.of("slots_of_blocks", context.shape().dim(-1)));
        return ops.gatherRows(each, placeAmongQueries(), new RowInverse(queryRows, isToken()));
    }

    /** {@code [batch, 1, blocks, block, 1]} */
    private Value isToken() {
        Value last = ops.sub(source.length(), ops.vector(1));
        Value inside = ops.min(asking, last);
        Value isPadding = ops.gather(ops.cast(source.keyBias(), ElementType.BOOL), inside, 1);
        Value isToken = ops.as(ops.not(isPadding), type);
        Value isInside = ops.as(ops.equal(asking, inside), type);
        Value mask = ops.mul(isToken, isInside);
        return ops.unsqueeze(mask, ops.vector(1, 4));
    }
}
