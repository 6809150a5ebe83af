package dev.ortune.exporter.weights;

import java.util.Arrays;
import java.util.Optional;

/** The element types of safetensors; those that are real numbers of at most 32 bits can be read as float32. */
enum SafetensorsType {
    F32(4),
    F16(2),
    BF16(2),
    F64(8),
    I64(8),
    U64(8),
    I32(4),
    U32(4),
    I16(2),
    U16(2),
    I8(1),
    U8(1),
    BOOL(1),
    F8_E4M3(1),
    F8_E5M2(1);

    private final int bytes;

    SafetensorsType(int bytes) {
        this.bytes = bytes;
    }

    static Optional<SafetensorsType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Size of one element. */
    int bytes() {
        return bytes;
    }

    boolean isFloat() {
        return this == F32 || this == F16 || this == BF16;
    }
}
