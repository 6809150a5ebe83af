package dev.ortune.trainer.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.ortune.trainer.OrtuneException;
import java.util.Locale;

/**
 * An NVIDIA GPU.
 *
 * @param index as nvidia-smi counts, from 0
 * @param memoryLimit bytes that ONNX Runtime may take; 0 for all there are
 * @param arena how its memory grows
 * @param tf32 whether products of float32 matrices may be rounded to TF32
 */
public record CudaDevice(int index, long memoryLimit, Arena arena, boolean tf32) implements Device {
    /** How ONNX Runtime asks for more memory. */
    public enum Arena {
        /** Twice as much each time: few requests, up to half of it unused. */
        POWER_OF_TWO("kNextPowerOfTwo"),
        /** What is needed. */
        SAME_AS_REQUESTED("kSameAsRequested");

        private final String option;

        Arena(String option) {
            this.option = option;
        }

        /** As it is written on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public CudaDevice {
        if (index < 0) {
            throw new OrtuneException("There is no GPU " + index + "; they are counted from 0");
        }
        if (memoryLimit < 0) {
            throw new OrtuneException("A GPU's memory limit must not be negative, but is " + memoryLimit);
        }
    }

    @Override
    public void addTo(OrtSession.SessionOptions options) throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
            cuda.add("arena_extend_strategy", arena.option);
            cuda.add("use_tf32", tf32 ? "1" : "0");
            if (memoryLimit > 0) {
                cuda.add("gpu_mem_limit", String.valueOf(memoryLimit));
            }
            options.addCUDA(cuda);
        }
    }

    @Override
    public String toString() {
        return "cuda:" + index;
    }
}
