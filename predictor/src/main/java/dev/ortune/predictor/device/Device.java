package dev.ortune.predictor.device;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.List;

/** Where ONNX Runtime runs models. */
public sealed interface Device permits Device.Cpu, CudaDevice {
    /** Makes a session with these options run here. */
    void addTo(OrtSession.SessionOptions options) throws OrtException;

    /** Precisions of exported files, the one it computes fastest with first. */
    List<String> precisions();

    /** Its kind with an article, for people: {@code a CPU}. */
    String kind();

    /** As text-embeddings-inference's header {@code x-compute-type} calls it. */
    String computeType();

    /**
     * The processor.
     *
     * @param reason why it and no GPU
     */
    record Cpu(String reason) implements Device {
        @Override
        public void addTo(OrtSession.SessionOptions options) {
            // ONNX Runtime's own provider is in every session.
        }

        @Override
        public List<String> precisions() {
            return List.of("int8", "fp32", "int4", "fp16");
        }

        @Override
        public String kind() {
            return "a CPU";
        }

        @Override
        public String computeType() {
            return "cpu";
        }

        @Override
        public String toString() {
            return "the CPU (" + reason + ")";
        }
    }
}
