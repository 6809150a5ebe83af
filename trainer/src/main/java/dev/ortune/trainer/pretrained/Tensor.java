package dev.ortune.trainer.pretrained;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * A named float32 tensor. Its data is usually a read-only view of a mapped file, so holding many costs no heap.
 *
 * @param name Hugging Face's name, e.g. {@code bert.encoder.layer.0.attention.self.query.weight}
 * @param shape dimensions; a linear layer's weight is {@code [out, in]}
 * @param data row-major elements, position 0 to the product of the dimensions
 */
public record Tensor(String name, long[] shape, FloatBuffer data) {
    public Tensor {
        long count = elements(shape);
        if (data.remaining() != count) {
            throw new IllegalArgumentException(
                    name + " " + Arrays.toString(shape) + " needs " + count + " elements, got " + data.remaining());
        }
    }

    /** A fresh view with a position and limit of its own; reading it moves nothing in this tensor. */
    @Override
    public FloatBuffer data() {
        return data.duplicate();
    }

    public long elements() {
        return elements(shape);
    }

    /** The product of the dimensions; {@link ArithmeticException} when it does not fit a long. */
    public static long elements(long... shape) {
        long count = 1;
        for (long dim : shape) {
            count = Math.multiplyExact(count, dim);
        }
        return count;
    }
}
