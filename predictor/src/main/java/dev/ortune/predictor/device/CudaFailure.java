package dev.ortune.predictor.device;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why ONNX Runtime cannot use a GPU.
 *
 * @param what is the matter
 * @param remedy what to do, an imperative
 */
record CudaFailure(String what, String remedy) {
    private static final Pattern MISSING = Pattern.compile("(lib\\S+): cannot open shared object file");
    /** CUDA's own version is the number of these libraries; cuFFT and cuRAND count by themselves. */
    private static final Pattern CUDA = Pattern.compile("lib(?:cublas|cublasLt|cudart)\\.so\\.(\\d+)");

    private static final Pattern CUDNN = Pattern.compile("libcudnn\\.so\\.(\\d+)");

    /** What a message of ONNX Runtime says. */
    static CudaFailure of(String message) {
        Matcher missing = MISSING.matcher(message);
        if (!missing.find()) {
            String line = message.strip().replaceAll("\\s*\\R\\s*", " ");
            return new CudaFailure("ONNX Runtime cannot use it: " + line, "see \"ortune inspect --device\"");
        }
        String library = missing.group(1);
        return new CudaFailure(
                "no " + product(library),
                "install it and let LD_LIBRARY_PATH name its folder, or let " + OrtLibraries.FOLDER_VARIABLE
                        + " name a build of ONNX Runtime for another version");
    }

    private static String product(String library) {
        Matcher cuda = CUDA.matcher(library);
        Matcher cudnn = CUDNN.matcher(library);
        if (cuda.matches()) {
            return "CUDA " + cuda.group(1) + " (" + library + ")";
        }
        return cudnn.matches() ? "cuDNN " + cudnn.group(1) + " (" + library + ")" : library;
    }
}
