package dev.ortune.trainer.pretrained;

/**
 * The name and shape that a tensor must have.
 *
 * @param name Hugging Face's name
 * @param shape dimensions; a linear layer's weight is {@code [out, in]}
 */
public record TensorSpec(String name, long... shape) {
    /** Number of elements. */
    public long elements() {
        return Tensor.elements(shape);
    }
}
