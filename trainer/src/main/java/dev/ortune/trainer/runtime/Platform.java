package dev.ortune.trainer.runtime;

import dev.ortune.trainer.OrtuneException;
import java.util.Locale;

/**
 * One operating system and processor that ONNX Runtime is published for. The two artifacts name it differently.
 *
 * @param preset folder in the artifact with the training-enabled library, also its Maven classifier
 * @param official folder in the official artifact, which holds the JNI library
 */
record Platform(String preset, String official) {
    static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** The platform that Java calls {@code name} and {@code arch}. */
    static Platform of(String name, String arch) {
        String os = name.toLowerCase(Locale.ROOT);
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
        if (os.startsWith("linux") && x86) {
            return new Platform("linux-x86_64", "linux-x64");
        }
        if (os.startsWith("linux") && arm) {
            return new Platform("linux-arm64", "linux-aarch64");
        }
        if (os.startsWith("mac") && arm) {
            return new Platform("macosx-arm64", "osx-aarch64");
        }
        if (os.startsWith("windows") && x86) {
            return new Platform("windows-x86_64", "win-x64");
        }
        throw new OrtuneException(
                "ONNX Runtime with training is published for Linux and Windows on x86-64 and for Linux"
                        + " and macOS on arm64, not for " + name + " on " + arch + "; "
                        + NativeLibraries.FOLDER_VARIABLE
                        + " may name a folder with a build of your own");
    }
}
