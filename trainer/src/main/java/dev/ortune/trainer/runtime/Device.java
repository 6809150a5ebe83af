package dev.ortune.trainer.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/** Where ONNX Runtime runs a graph. */
public sealed interface Device permits Device.Cpu, CudaDevice {
    /** The processor. */
    Device CPU = new Cpu();

    /** Makes a session with these options run here. */
    void addTo(OrtSession.SessionOptions options) throws OrtException;

    /** ONNX Runtime's own provider, which is in every session. */
    record Cpu() implements Device {
        @Override
        public void addTo(OrtSession.SessionOptions options) {}

        @Override
        public String toString() {
            return "cpu";
        }
    }
}
