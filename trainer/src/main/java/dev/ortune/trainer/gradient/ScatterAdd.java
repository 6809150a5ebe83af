package dev.ortune.trainer.gradient;

import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Shape.Dim;
import dev.ortune.trainer.graph.Value;
import java.util.List;

/** Ways to add up rows that a Gather picked, perhaps several times, in an array of the data's shape. */
public enum ScatterAdd {
    /** ONNX Runtime's GatherGrad: sorts on CUDA; on the CPU it takes a lock for every element. */
    GATHER_GRAD {
        @Override
        Value add(Shape data, Value indices, Value dy, int axis, Ops ops) {
            long[] sizes = data.dims().stream().mapToLong(Dim::size).toArray();
            return ops.microsoft().gatherGrad(ops.vector(sizes), data, indices, dy, axis);
        }
    },
    /**
     * For CPUs: the rows of equal index are added up by a small matrix product with zeros and ones, and the sums written
     * into zeros. Deterministic with any number of threads, and as fast as the matrix product.
     */
    DISTINCT_ROWS {
        @Override
        Value add(Shape data, Value indices, Value dy, int axis, Ops ops) {
            if (axis != 0 || indices.shape().rank() != 1) {
                throw new IllegalArgumentException("Rows are added up along axis 0 for a vector of indices only");
            }
            Node unique = ops.unique(indices, "distinct");
            Value distinct = unique.output(0);
            Dim count = distinct.shape().dim(0);
            Value oneHot = ops.oneHot(unique.output(2), ops.shape(distinct), count);
            Value sums = ops.gemm(oneHot, dy, null, true, false);
            Value rows = ops.reshape(distinct, new Shape(List.of(count, new Dim(null, 1))));
            return ops.scatterNd(ops.zeros(data), rows, sums);
        }
    },
    /**
     * For CUDA, where GatherGrad sorts and makes the host wait: tables of few rows by a product with zeros and ones, only
     * larger ones by GatherGrad.
     */
    PRODUCT_IF_SMALL {
        private static final long MOST_ROWS = 1024;

        @Override
        Value add(Shape data, Value indices, Value dy, int axis, Ops ops) {
            Dim rows = data.dim(axis);
            if (axis != 0 || indices.shape().rank() != 1 || rows.size() > MOST_ROWS) {
                return GATHER_GRAD.add(data, indices, dy, axis, ops);
            }
            Value oneHot = ops.oneHot(indices, ops.vector(rows.size()), rows);
            return ops.microsoft().fusedMatMul(oneHot, dy, true, false, 1);
        }
    };

    /**
     * Adds the rows of {@code dy} into zeros.
     *
     * @param data the shape of the result, fixed
     * @param indices for each row of {@code dy} the row of the result it goes to, int64
     * @param dy what is added up
     * @param axis the data's axis that the indices count
     */
    abstract Value add(Shape data, Value indices, Value dy, int axis, Ops ops);
}
