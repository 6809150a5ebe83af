package dev.ortune.predictor.device;

import dev.ortune.predictor.OrtuneException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which native libraries ONNX Runtime's Java API loads: those of its jar, which are unpacked once, or those in a folder that has
 * been named. So one build for CUDA can be shared with the trainer.
 *
 * @param folder or null for the jar
 */
record OrtLibraries(Path folder) {
    /** Environment variable that names the folder. */
    static final String FOLDER_VARIABLE = "ORTUNE_ORT_NATIVE";

    static final String CUDA_PROVIDER = "libonnxruntime_providers_cuda.so";
    private static final String PATH_PROPERTY = "onnxruntime.native.path";
    private static final String IN_JAR = "ai/onnxruntime/native/linux-x64/";
    private static final List<String> CPU = List.of(IN_JAR + "libonnxruntime.so", IN_JAR + "libonnxruntime4j_jni.so");

    /**
     * Those of an environment; without {@value #FOLDER_VARIABLE} the system property {@code onnxruntime.native.path} counts,
     * which is ONNX Runtime's own.
     *
     * @throws OrtuneException when the folder lacks a library
     */
    static OrtLibraries of(Map<String, String> environment) {
        String named = environment.getOrDefault(FOLDER_VARIABLE, "");
        if (!named.isBlank()) {
            return new OrtLibraries(checked(Path.of(named)));
        }
        String property = System.getProperty(PATH_PROPERTY, "");
        return new OrtLibraries(property.isBlank() ? null : Path.of(property));
    }

    private static Path checked(Path folder) {
        for (String library : new String[] {"onnxruntime", "onnxruntime4j_jni"}) {
            String name = System.mapLibraryName(library);
            if (!Files.isRegularFile(folder.resolve(name))) {
                throw new OrtuneException(FOLDER_VARIABLE + " names " + folder + ", which holds no " + name);
            }
        }
        return folder.toAbsolutePath();
    }

    /** Has ONNX Runtime load these; to be called before its first use. */
    void use() {
        unpacked().ifPresent(path -> System.setProperty(PATH_PROPERTY, path.toString()));
    }

    private Optional<Path> unpacked() {
        if (folder != null) {
            return Optional.of(folder);
        }
        boolean known = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64")
                && !hasCuda();
        return known
                ? LibraryCache.of(System.getenv(), System.getProperty("user.home"))
                        .unpacked(CPU)
                : Optional.empty();
    }

    /** Whether they can use a GPU. */
    boolean hasCuda() {
        return folder == null
                ? OrtLibraries.class.getClassLoader().getResource(IN_JAR + CUDA_PROVIDER) != null
                : Files.isRegularFile(folder.resolve(CUDA_PROVIDER));
    }
}
