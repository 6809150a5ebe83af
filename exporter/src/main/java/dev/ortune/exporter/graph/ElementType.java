package dev.ortune.exporter.graph;

import java.util.Arrays;
import java.util.Optional;

/** The element types that Ortune's graphs hold, with ONNX's number and the size of an element in bytes. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    FLOAT16(10, 2),
    DOUBLE(11, 8);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** The type with ONNX's number {@code code}. */
    public static Optional<ElementType> of(int code) {
        return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
    }

    /** ONNX's number of it, {@code TensorProto.DataType}. */
    public int code() {
        return code;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether it is a real number. */
    public boolean isFloat() {
        return this == FLOAT || this == FLOAT16 || this == DOUBLE;
    }
}
