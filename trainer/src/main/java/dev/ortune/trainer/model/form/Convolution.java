package dev.ortune.trainer.model.form;

import dev.ortune.trainer.graph.Constant;
import dev.ortune.trainer.graph.ElementType;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.RowInverse;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;

/**
 * A convolution along sequences whose tokens lie in one row: each token's neighbours beside it, and one matrix product. What
 * has no neighbour, at the ends of a sequence, gets zeros.
 */
final class Convolution {
    private final Ops ops;
    private final Value positions;
    private final int kernel;
    private final Value last;
    private final Value rows;

    /**
     * Over a batch.
     *
     * @param positions each token's place in its sequence: {@code [tokens]}
     * @param kernel tokens that it sees, an odd number
     */
    Convolution(Ops ops, Value positions, int kernel) {
        this.ops = ops;
        this.positions = positions;
        this.kernel = kernel;
        Value zero = ops.constant(Constant.scalar(0L));
        Value count = ops.gather(ops.shape(positions), zero, 0);
        this.rows = ops.range(count, positions.shape().dim(0));
        this.last = ops.sub(count, ops.vector(1));
    }

    /**
     * Adds it.
     *
     * @param x {@code [tokens, in]}
     * @param weight {@code [out, in, kernel]}
     * @param bias {@code [out]}
     * @return {@code [tokens, out]}
     */
    Value of(Value x, Value weight, Value bias) {
        long in = x.shape().dim(1).size();
        Value[] seen = new Value[kernel];
        for (int i = 0; i < kernel; i++) {
            int offset = i - kernel / 2;
            seen[i] = offset == 0 ? x : neighbours(x, offset);
        }
        Value side = ops.concat(1, new Dim(null, kernel * in), seen);
        Value matrix = ops.reshape(
                ops.transpose(weight, 0, 2, 1), Shape.of(weight.shape().dim(0), kernel * in));
        return ops.gemm(side, matrix, bias, false, true);
    }

    /** Row {@code t + offset} in row {@code t}, where both are of one sequence. */
    private Value neighbours(Value x, int offset) {
        RowInverse back = new RowInverse(row(-offset), ops.as(isNeighbour(-offset), x.type()));
        return ops.mul(ops.gatherRows(x, row(offset), back), ops.as(isNeighbour(offset), x.type()));
    }

    private Value row(int offset) {
        return ops.min(ops.max(ops.add(rows, ops.vector(offset)), ops.vector(0)), last);
    }

    /** Places of one sequence differ as their rows do, those of two sequences by less: {@code [tokens, 1]}. */
    private Value isNeighbour(int offset) {
        Value there = ops.gather(positions, row(offset), 0);
        Value same = ops.equal(there, ops.add(positions, ops.vector(offset)));
        Dim tokens = positions.shape().dim(0);
        return ops.reshape(ops.cast(same, ElementType.FLOAT), Shape.of(tokens, 1));
    }
}
