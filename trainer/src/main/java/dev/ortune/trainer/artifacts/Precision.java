package dev.ortune.trainer.artifacts;

import dev.ortune.trainer.graph.ElementType;
import java.util.Locale;

/** In which numbers a model's layers are trained. Weights, their gradients' sums and moments are float32 in each. */
public enum Precision {
    /** Single precision everywhere. */
    FP32(ElementType.FLOAT),
    /** Matrix products of float32 rounded to 10 bits of mantissa, on GPUs that can. */
    TF32(ElementType.FLOAT),
    /** Half precision: 10 bits of mantissa and a small range, so that the loss has to be scaled. */
    FP16(ElementType.FLOAT16),
    /** Half precision with float32's range and 7 bits of mantissa. */
    BF16(ElementType.BFLOAT16);

    private final ElementType type;

    Precision(ElementType type) {
        this.type = type;
    }

    /** The type in which layers compute. */
    public ElementType type() {
        return type;
    }

    /** Whether small gradients vanish without a scaled loss. */
    public boolean scalesLoss() {
        return this == FP16;
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
