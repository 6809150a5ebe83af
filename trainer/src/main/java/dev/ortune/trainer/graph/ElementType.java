package dev.ortune.trainer.graph;

import ai.onnx.proto.OnnxMl.TensorProto;

/** The element types Ortune's graphs use, with their codes in ONNX's TensorProto. */
public enum ElementType {
    FLOAT(TensorProto.DataType.FLOAT),
    FLOAT16(TensorProto.DataType.FLOAT16),
    BFLOAT16(TensorProto.DataType.BFLOAT16),
    INT64(TensorProto.DataType.INT64),
    BOOL(TensorProto.DataType.BOOL);

    private final TensorProto.DataType onnx;

    ElementType(TensorProto.DataType onnx) {
        this.onnx = onnx;
    }

    /** The number that stands for this type in attributes such as Cast's {@code to}. */
    public int code() {
        return onnx.getNumber();
    }
}
