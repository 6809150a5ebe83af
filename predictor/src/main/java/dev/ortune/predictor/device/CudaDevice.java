package dev.ortune.predictor.device;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.List;

/**
 * An NVIDIA GPU.
 *
 * @param gpu which
 * @param memoryLimit bytes that each session may take; 0 for all there are
 */
public record CudaDevice(Gpu gpu, long memoryLimit) implements Device {
    @Override
    public void addTo(OrtSession.SessionOptions options) throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(gpu.index())) {
            if (memoryLimit > 0) {
                cuda.add("gpu_mem_limit", String.valueOf(memoryLimit));
            }
            options.addCUDA(cuda);
        }
    }

    /** 8-bit files are a CPU's: half of their operators have no kernel for CUDA. */
    @Override
    public List<String> precisions() {
        return List.of("fp16", "fp32", "int4", "int8");
    }

    @Override
    public String kind() {
        return "a GPU";
    }

    @Override
    public String computeType() {
        return "gpu+optimized";
    }

    @Override
    public String toString() {
        return "cuda:" + gpu.index() + " (" + gpu + ")";
    }
}
