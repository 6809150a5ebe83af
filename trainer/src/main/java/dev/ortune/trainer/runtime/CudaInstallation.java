package dev.ortune.trainer.runtime;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of the things that a GPU needs is there.
 *
 * @param driver version of NVIDIA's driver, or null
 * @param gpus those it knows
 * @param libraries each library's file by its name, in the order in which they are asked for; null where it is missing
 * @param hasProvider whether ONNX Runtime's CUDA provider is in this build, or in the folder to load from
 */
public record CudaInstallation(String driver, List<Gpu> gpus, Map<String, Path> libraries, boolean hasProvider) {
    static final String CUDNN = "libcudnn.so.9";
    private static final String PROVIDER = "libonnxruntime_providers_cuda.so";
    /** What that provider is linked to, of CUDA 13 and of cuDNN 9. */
    static final List<String> REQUIRED =
            List.of("libcudart.so.13", "libcublas.so.13", "libcublasLt.so.13", "libcufft.so.12", CUDNN);

    /** This machine's. */
    public static CudaInstallation current() {
        return of(Path.of("/"), System.getenv(), hasProvider(System.getenv()));
    }

    static CudaInstallation of(Path root, Map<String, String> environment, boolean hasProvider) {
        NvidiaDriver driver = NvidiaDriver.of(root, environment);
        SharedLibraries search = SharedLibraries.of(root, environment);
        Map<String, Path> libraries = new LinkedHashMap<>();
        REQUIRED.forEach(name -> libraries.put(name, search.find(name).orElse(null)));
        return new CudaInstallation(driver.version(), driver.gpus(), libraries, hasProvider);
    }

    /** The first thing that is missing and how to get it, or nothing when a GPU can be used. */
    public Optional<Missing> missing() {
        if (driver == null) {
            return missing("no NVIDIA driver", "install NVIDIA's driver, version 580 or newer");
        }
        if (gpus.isEmpty()) {
            return missing("no NVIDIA GPU", "see what nvidia-smi says");
        }
        List<String> cuda = absent();
        boolean cudnn = cuda.remove(CUDNN);
        if (!cuda.isEmpty()) {
            return missing(
                    "no CUDA 13 (" + String.join(", ", cuda) + ")",
                    "install CUDA 13's libraries and let LD_LIBRARY_PATH name their folder");
        }
        if (cudnn) {
            return missing(
                    "no cuDNN 9 (" + CUDNN + ")",
                    "install cuDNN 9 for CUDA 13 and let LD_LIBRARY_PATH name its folder");
        }
        return hasProvider
                ? Optional.empty()
                : missing(
                        "no GPU build of ONNX Runtime",
                        "build with ORTUNE_PROFILE=cuda, or let " + NativeLibraries.FOLDER_VARIABLE
                                + " name a folder with " + PROVIDER);
    }

    /**
     * What keeps the GPU from being used.
     *
     * @param what is missing, e.g. {@code no NVIDIA driver}
     * @param remedy what to do, an imperative
     */
    public record Missing(String what, String remedy) {}

    private static Optional<Missing> missing(String what, String remedy) {
        return Optional.of(new Missing(what, remedy));
    }

    private List<String> absent() {
        List<String> absent = new ArrayList<>();
        libraries.forEach((name, file) -> {
            if (file == null) {
                absent.add(name);
            }
        });
        return absent;
    }

    /** A line a fact, for people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (gpus.isEmpty()) {
            lines.add("GPU       none");
        }
        gpus.forEach(gpu -> lines.add("GPU       " + gpu.index() + ": " + gpu));
        lines.add("driver    " + (driver == null ? "none" : driver));
        libraries.forEach((name, file) -> lines.add("library   " + name + " "
                + (file == null ? "is missing" : SharedLibraries.version(file) + " (" + file + ")")));
        lines.add("ORT       " + (hasProvider ? "build for CUDA" : "build for the CPU"));
        missing().ifPresent(missing -> lines.add("missing   " + missing.what() + ": " + missing.remedy()));
        return lines;
    }

    private static boolean hasProvider(Map<String, String> environment) {
        String folder = environment.getOrDefault(
                NativeLibraries.FOLDER_VARIABLE, System.getProperty(NativeLibraries.PATH_PROPERTY, ""));
        if (!folder.isBlank()) {
            return Files.isRegularFile(Path.of(folder).resolve(PROVIDER));
        }
        try {
            return LibrarySet.onClassPath(Platform.current()).libraries().stream()
                    .anyMatch(library -> library.name().equals(PROVIDER));
        } catch (IOException | OrtuneException noLibraries) {
            return false;
        }
    }
}
