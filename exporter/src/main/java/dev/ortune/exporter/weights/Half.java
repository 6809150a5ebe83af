package dev.ortune.exporter.weights;

/** Numbers of 16 bits. Java 17 has no conversion of its own. */
public final class Half {
    /** The largest finite IEEE 754 half. */
    public static final float MAX = 65504f;

    private Half() {}

    /** The value of an IEEE 754 half. */
    public static float toFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        int wide = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
    }

    /** The half nearest to {@code value}, of two equally near the even one; infinity above {@link #MAX}'s range. */
    public static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00);
        }
        if (magnitude >= 65520f) {
            return (short) (sign | 0x7c00);
        }
        // Adding a power of two whose last bit is the half's last bit makes the hardware round to nearest even.
        int exponent = Math.max(Math.getExponent(magnitude), -14);
        float step = Math.scalb(1f, exponent + 13);
        float rounded = (magnitude + step) - step;
        if (rounded == 0) {
            return (short) sign;
        }
        if (rounded < 0x1p-14f) {
            return (short) (sign | (int) (rounded * 0x1p24f));
        }
        int result = Float.floatToRawIntBits(rounded);
        return (short) (sign | (((result >>> 23) - 112) << 10) | ((result >>> 13) & 0x3ff));
    }

    /** The value of a bfloat16: the upper half of a float32. */
    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
