package dev.ortune.trainer.runtime;

import ai.onnxruntime.OrtEnvironment;

/** A program of its own, since a process can load ONNX Runtime only once: loads it and says what it got. */
public final class TrainingProbe {
    private TrainingProbe() {}

    public static void main(String[] args) {
        NativeLibraries.load();
        NativeLibraries.load();
        try (OrtEnvironment environment = OrtEnvironment.getEnvironment()) {
            System.out.println("training=" + environment.isTrainingEnabled());
        }
        System.out.println("path=" + System.getProperty(NativeLibraries.PATH_PROPERTY));
    }
}
