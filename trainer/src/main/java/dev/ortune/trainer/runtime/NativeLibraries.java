package dev.ortune.trainer.runtime;

import dev.ortune.trainer.OrtuneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes ONNX Runtime's Java API load native libraries that were built with the training API. The library inside the
 * official artifact was not, so the folder with the right ones has to be named before {@code ai.onnxruntime} loads any.
 */
public final class NativeLibraries {
    /** Environment variable that names a folder to load from instead. */
    public static final String FOLDER_VARIABLE = "ORTUNE_ORT_NATIVE";

    static final String RUNTIME_LIBRARY = "onnxruntime";
    static final String JNI_LIBRARY = "onnxruntime4j_jni";
    static final String PATH_PROPERTY = "onnxruntime.native.path";

    private static boolean done;

    private NativeLibraries() {}

    /**
     * Names the folder to ONNX Runtime, unpacking the libraries into the user's cache the first time. To be called before
     * the first use of {@code OrtEnvironment}; further calls do nothing. A folder that {@value #FOLDER_VARIABLE} or the
     * system property {@code onnxruntime.native.path} names is taken as it is.
     *
     * @throws OrtuneException when the named folder lacks a library, when there is none for this platform, or when the
     *     libraries cannot be unpacked
     */
    public static synchronized void load() {
        if (!done) {
            String path = folder(System.getenv(), CacheFolder.current()).toString();
            System.setProperty(PATH_PROPERTY, path);
            done = true;
        }
    }

    static Path folder(Map<String, String> environment, Path cache) {
        String named = environment.getOrDefault(FOLDER_VARIABLE, "");
        if (!named.isBlank()) {
            return checked(FOLDER_VARIABLE, Path.of(named));
        }
        String property = System.getProperty(PATH_PROPERTY, "");
        if (!property.isBlank()) {
            return checked(PATH_PROPERTY, Path.of(property));
        }
        try {
            return unpacked(LibrarySet.onClassPath(Platform.current()), cache.resolve("onnxruntime"));
        } catch (IOException e) {
            throw new OrtuneException("ONNX Runtime's native libraries cannot be unpacked: " + reason(e), e);
        }
    }

    private static Path checked(String variable, Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new OrtuneException(variable + " names " + folder + ", which is not a folder");
        }
        for (String library : new String[] {RUNTIME_LIBRARY, JNI_LIBRARY}) {
            String name = System.mapLibraryName(library);
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new OrtuneException(variable + " names " + folder + ", which holds no " + name);
            }
        }
        return folder.toAbsolutePath();
    }

    private static Path unpacked(LibrarySet set, Path root) throws IOException {
        try {
            return new LibraryCache(root).unpacked(set);
        } catch (IOException cacheFailed) {
            return forThisProcess(set, cacheFailed);
        }
    }

    /** A cache that cannot be written, as in a read-only container, costs a second a start but stops nobody. */
    private static Path forThisProcess(LibrarySet set, IOException cacheFailed) throws IOException {
        try {
            Path folder = Files.createTempDirectory("ortune-onnxruntime-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(folder)));
            LibraryCache.unpackInto(folder, set);
            return folder;
        } catch (IOException e) {
            e.addSuppressed(cacheFailed);
            throw e;
        }
    }

    private static void deleteQuietly(Path folder) {
        try {
            LibraryCache.delete(folder);
        } catch (IOException leftBehind) {
            // Windows keeps loaded libraries open; the system's own cleaning of temporary files takes them.
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }
}
