package dev.ortune.trainer.gradient;

import dev.ortune.trainer.graph.Node;
import dev.ortune.trainer.graph.Ops;
import dev.ortune.trainer.graph.Shape;
import dev.ortune.trainer.graph.Value;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ways to compute the gradients of LayerNorm (Ba, Kiros and Hinton 2016, arXiv:1607.06450) from the statistics that the
 * forward pass kept. With N = (X - mean) / deviation, Y = N * scale + bias, and means over the last axis:
 *
 * <p>dX = (dY * scale - mean(dY * scale) - N * mean(dY * scale * N)) / deviation, dScale = sum(dY * N), dBias = sum(dY)
 */
public enum NormGradient {
    /** ONNX Runtime's LayerNormalizationGrad: one kernel on CUDA; on the CPU it is one thread that reads by columns. */
    KERNEL {
        @Override
        List<Value> of(Node node, Value dy, Ops ops) {
            return ops.microsoft()
                    .layerNormalizationGrad(dy, node.input(0), node.input(1), node.output(1), node.output(2))
                    .outputs()
                    .subList(0, node.inputs().size());
        }

        @Override
        List<Value> ofRootMeanSquare(Node node, Value dy, Ops ops) {
            return ops.microsoft()
                    .simplifiedLayerNormalizationGrad(dy, node.input(0), node.input(1), node.output(1))
                    .outputs();
        }
    },
    /**
     * For CPUs: the equation in operators that all threads share, a sixth of the kernel's time. Both means are products with the
     * scale as a column, so that nothing has to be multiplied and added up by itself.
     */
    OPERATORS {
        @Override
        List<Value> of(Node node, Value dy, Ops ops) {
            Value x = node.input(0);
            Value scale = node.input(1);
            Value inverse = node.output(2);
            Value normal = ops.mul(ops.sub(x, node.output(1)), inverse);
            Value product = ops.mul(dy, normal);
            long width = scale.shape().dim(0).size();
            Value column = ops.reshape(scale, Shape.of(width, 1));
            Value mean = ops.microsoft().fusedMatMul(dy, column, false, false, 1f / width);
            Value slope = ops.microsoft().fusedMatMul(product, column, false, false, 1f / width);
            Value centred = ops.sub(ops.sub(ops.mul(dy, scale), mean), ops.mul(normal, slope));
            int[] rows = IntStream.range(0, x.shape().rank() - 1).toArray();
            Value dx = ops.mul(centred, inverse);
            Value dScale = ops.reduceSum(product, false, rows);
            return node.inputs().size() == 2
                    ? List.of(dx, dScale)
                    : List.of(dx, dScale, ops.reduceSum(dy, false, rows));
        }

        @Override
        List<Value> ofRootMeanSquare(Node node, Value dy, Ops ops) {
            Value x = node.input(0);
            Value scale = node.input(1);
            Value inverse = node.output(1);
            Value normal = ops.mul(x, inverse);
            Value product = ops.mul(dy, normal);
            long width = scale.shape().dim(0).size();
            Value column = ops.reshape(scale, Shape.of(width, 1));
            Value slope = ops.microsoft().fusedMatMul(product, column, false, false, 1f / width);
            Value dx = ops.mul(ops.sub(ops.mul(dy, scale), ops.mul(normal, slope)), inverse);
            int[] rows = IntStream.range(0, x.shape().rank() - 1).toArray();
            return List.of(dx, ops.reduceSum(product, false, rows));
        }
    };

    /**
     * The gradients of input, scale and, where there is one, bias.
     *
     * @param node the LayerNormalization, with mean and inverse deviation among its outputs
     * @param dy the gradient of its first output
     */
    abstract List<Value> of(Node node, Value dy, Ops ops);

    /**
     * The gradients of input and scale of an RMSNorm (Zhang and Sennrich 2019, arXiv:1910.07467), which is LayerNorm without the
     * mean: with N = X / root, {@code dX = (dY * scale - N * mean(dY * scale * N)) / root}, {@code dScale = sum(dY * N)}.
     *
     * @param node the SimplifiedLayerNormalization, with the inverse root among its outputs
     * @param dy the gradient of its first output
     */
    abstract List<Value> ofRootMeanSquare(Node node, Value dy, Ops ops);
}
