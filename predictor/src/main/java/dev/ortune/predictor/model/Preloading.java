package dev.ortune.predictor.model;

import dev.ortune.predictor.device.DeviceChoice;
import dev.ortune.predictor.text.Tokenizer;

/**
 * The native libraries, which every model needs and which take as long to load as a small model: begun by a program that has yet
 * to read its options, beside that. What fails here fails again where it is used, and is told there.
 */
public final class Preloading {
    private Preloading() {}

    /** Begins it, on threads of its own. */
    public static void begin() {
        begin(Tokenizer::preload);
        begin(DeviceChoice::preload);
    }

    private static void begin(Runnable loading) {
        Thread thread = new Thread(() -> attempt(loading), "preloading");
        thread.setDaemon(true);
        thread.start();
    }

    private static void attempt(Runnable loading) {
        try {
            loading.run();
        } catch (RuntimeException | LinkageError toldLater) {
            // By whoever opens a model.
        }
    }
}
