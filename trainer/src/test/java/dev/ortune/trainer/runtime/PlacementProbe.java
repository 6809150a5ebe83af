package dev.ortune.trainer.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

/** A program of its own, since only ONNX Runtime's log tells where nodes are: loads a model and lets it log all it does. */
public final class PlacementProbe {
    static final String MODEL = "ORTUNE_TEST_MODEL";
    static final String DEVICE = "ORTUNE_TEST_DEVICE";

    private PlacementProbe() {}

    public static void main(String[] args) throws OrtException {
        NativeLibraries.load();
        Device device = System.getenv(DEVICE).equals("cpu") ? Device.CPU : CudaDevices.first();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE);
            device.addTo(options);
            OrtEnvironment.getEnvironment()
                    .createSession(System.getenv(MODEL), options)
                    .close();
        }
    }
}
