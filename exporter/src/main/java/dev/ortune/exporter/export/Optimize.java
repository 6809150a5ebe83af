package dev.ortune.exporter.export;

import java.util.Locale;

/** A processor that ONNX Runtime has fused operators for. */
public enum Optimize {
    CPU,
    CUDA;

    boolean computesWith(Precision precision) {
        return this == CPU ? precision.isForCpus() : precision.isFloat();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
